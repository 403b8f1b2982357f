import type { Instant, SpanDetail, SpanEvent } from "../../data";
import { durationText } from "../../format/duration";
import { momentText } from "../../format/time";
import { exceptionEvent, type ExceptionEvent } from "../../model/openInference";
import { Clamp } from "../../ui/Clamp";
import { CodeBlock } from "../../ui/CodeBlock";
import { JSONTree } from "../../ui/JSONTree";
import { Empty } from "../../ui/Notice";

export function EventsTab({ span }: { span: SpanDetail }) {
  if (span.events.length === 0) {
    return <Empty title="No events" />;
  }
  return (
    <ol className="events">
      {span.events.map((event, index) => <EventItem key={index} event={event} start={span.startTime} />)}
    </ol>
  );
}

function EventItem({ event, start }: { event: SpanEvent; start: Instant }) {
  const exception = exceptionEvent(event);
  return (
    <li className={exception === null ? "event" : "event event-exception"}>
      <div className="event-head">
        <h3>{event.name}</h3>
        {event.time !== null && (
          <time className="numeric" title={momentText(event.time)}>+{durationText((event.time - start) / 1_000)}</time>
        )}
      </div>
      {exception !== null && <ExceptionView exception={exception} />}
      {exception === null && Object.keys(event.attributes).length > 0 && (
        <JSONTree value={event.attributes} label={`Attributes of ${event.name}`} />
      )}
    </li>
  );
}

export function ExceptionView({ exception }: { exception: ExceptionEvent }) {
  return (
    <div className="exception">
      <p className="exception-type">
        <code>{exception.type}</code>
        {exception.hasEscaped && <span className="exception-escaped" title="It left the span">escaped</span>}
      </p>
      {exception.message !== "" && <p className="exception-message">{exception.message}</p>}
      {exception.stackTrace !== null && exception.stackTrace !== "" && (
        <Clamp height={420}>
          <div className="code-block-code"><CodeBlock text={exception.stackTrace} title="Stack trace" /></div>
        </Clamp>
      )}
    </div>
  );
}
