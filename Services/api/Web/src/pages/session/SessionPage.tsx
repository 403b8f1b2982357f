import { Frame } from "../../shell/Frame";

export function SessionPage(_: { projectId: string | null; traceId?: string; sessionId?: string; tab?: string }) {
  return <Frame crumbs={[]} title="SessionPage"><div /></Frame>;
}
