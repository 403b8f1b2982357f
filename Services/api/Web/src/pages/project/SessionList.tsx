import type { ReactNode } from "react";
import { useSessionFeed, type SessionRow } from "../../data";
import { durationText } from "../../format/duration";
import { costText, countedText, countText, exactText } from "../../format/number";
import { href } from "../../router/history";
import { FeedTable, type Column } from "../../ui/FeedTable";
import { Empty } from "../../ui/Notice";
import { TimeAgo } from "../../ui/Time";

export function SessionList({ projectId, tabs }: { projectId: string; tabs: ReactNode }) {
  const view = useSessionFeed(projectId);
  return (
    <section className="list" aria-label="Sessions">
      <div className="list-tools">{tabs}</div>
      <FeedTable
        view={view} columns={columns} layout="session-rows" label="Sessions, newest first" noun="session"
        rowHref={(row) => href({ page: "session", projectId, sessionId: row.sessionId })}
        rowLabel={(row) => `Session ${row.sessionId}, ${countedText(row.traceCount, "trace")}`}
        empty={
          <Empty title="No sessions yet">
            <p>Traces whose spans carry the attribute <code>session.id</code> are put together here as conversations.</p>
          </Empty>
        }
      />
    </section>
  );
}

const columns: readonly Column<SessionRow>[] = [
  { name: "name", title: "Session", isLink: true, cell: (row) => <code className="feed-text" title={row.sessionId}>{row.sessionId}</code> },
  { name: "user", title: "User", cell: (row) => row.userId ?? <span className="feed-quiet">–</span> },
  {
    name: "traces", title: "Traces", isNumeric: true,
    cell: (row) => <span data-unit={row.traceCount === 1 ? "trace" : "traces"}>{countText(row.traceCount)}</span>,
  },
  {
    name: "errors", title: "Errors", isNumeric: true,
    cell: (row) => row.errorCount === 0 ? <span className="feed-quiet">–</span> : <span className="trace-errors">{countText(row.errorCount)}</span>,
  },
  { name: "length", title: "Length", isNumeric: true, cell: (row) => durationText((row.endTime - row.startTime) / 1_000) },
  { name: "tokens", title: "Tokens", isNumeric: true, cell: (row) => <Tokens row={row} /> },
  { name: "cost", title: "Cost", isNumeric: true, cell: (row) => costText(row.totalCost) },
  { name: "time", title: "Last trace", isNumeric: true, cell: (row) => <TimeAgo instant={row.endTime} /> },
];

function Tokens({ row }: { row: SessionRow }) {
  const sum = row.promptTokens + row.completionTokens;
  return sum === 0 ? <span className="feed-quiet">–</span> : <span title={exactText(sum)}>{countText(sum)}</span>;
}
