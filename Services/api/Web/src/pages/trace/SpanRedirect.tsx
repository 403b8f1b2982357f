import { useEffect } from "react";
import { useSpan } from "../../data";
import { href, redirect } from "../../router/history";
import { Frame } from "../../shell/Frame";
import { DataNotice, Empty } from "../../ui/Notice";

/** Finds the trace of a span that is known by its id alone, and goes there. */
export function SpanRedirect({ spanId }: { spanId: string }) {
  const { value: span, error, refresh } = useSpan(spanId);
  useEffect(() => {
    if (span !== undefined) {
      redirect(href({ page: "trace", projectId: null, traceId: span.traceId }, { span: span.spanId }));
    }
  }, [span]);
  return (
    <Frame crumbs={[{ text: "Projects", href: href({ page: "projects" }) }, { text: spanId, isCode: true }]} title="Span">
      <div className="page">
        {error?.reason === "notFound" && (
          <Empty isPage title="This span is not here"><p>It may be on its way; or it was deleted, or its id is mistyped.</p></Empty>
        )}
        {error !== null && error.reason !== "notFound" && <DataNotice error={error} isStale={false} onRetry={refresh} />}
      </div>
    </Frame>
  );
}
