import type { ReactNode } from "react";
import type { JSONObject, JSONValue, SpanDetail } from "../../data";
import { isoText } from "../../format/time";
import { listAttribute, objectAttribute, textAttribute } from "../../model/attributes";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { CopyButton } from "../../ui/CopyButton";
import { JSONTree } from "../../ui/JSONTree";

/** What OpenTelemetry says of the span that the other tabs have no place for. */
export function RawTab({ span }: { span: SpanDetail }) {
  const resource = span.resource === null ? null : objectAttribute(span.resource, "resource");
  const scope = span.resource === null ? null : objectAttribute(span.resource, "scope");
  const links = span.otlp === null ? [] : listAttribute(span.otlp, "links");
  const rest = Object.fromEntries(Object.entries(span.otlp ?? {}).filter(([key]) => key !== "links"));
  const copyAll = <CopyButton label="Copy the span as JSON" text={() => JSON.stringify(span, null, 2)}>Copy as JSON</CopyButton>;
  return (
    <div className="raw">
      <Part title="Identity" action={copyAll}>
        <JSONTree label="Identity" value={identity(span)} />
      </Part>
      <Part title="Resource">{hasMembers(resource) ? <JSONTree label="Resource" value={resource} /> : <Nothing />}</Part>
      <Part title="Scope">{hasMembers(scope) ? <JSONTree label="Scope" value={scope} /> : <Nothing />}</Part>
      <Part title="Links">
        {links.length === 0 ? <Nothing /> : <ul className="links">{links.map((link, index) => <SpanLink key={index} link={link} />)}</ul>}
      </Part>
      <Part title="Other fields">
        {hasMembers(rest) ? <JSONTree label="Other fields" value={rest} /> : <p className="raw-nothing">All at their defaults</p>}
      </Part>
    </div>
  );
}

function identity(span: SpanDetail): JSONObject {
  return {
    traceId: span.traceId, spanId: span.spanId, parentSpanId: span.parentId, name: span.name,
    startTime: isoText(span.startTime), endTime: isoText(span.endTime),
    status: span.statusMessage === "" ? span.statusCode : `${span.statusCode}: ${span.statusMessage}`,
  };
}

function SpanLink({ link }: { link: JSONObject }) {
  const traceId = textAttribute(link, "traceId") ?? "";
  const spanId = textAttribute(link, "spanId") ?? "";
  const attributes = objectAttribute(link, "attributes");
  return (
    <li>
      <Link href={href({ page: "trace", projectId: null, traceId }, { span: spanId })}><code>{traceId}</code></Link>
      <span> span <code>{spanId}</code></span>
      {hasMembers(attributes) && <JSONTree label="Attributes of the link" value={attributes} />}
    </li>
  );
}

function hasMembers(value: JSONValue | null): value is JSONObject {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function Nothing() {
  return <p className="raw-nothing">None</p>;
}

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="raw-part" aria-label={title}>
      <div className="raw-head">
        <h3>{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}
