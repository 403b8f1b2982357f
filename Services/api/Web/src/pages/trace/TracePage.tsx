import { Frame } from "../../shell/Frame";

export function TracePage(_: { projectId: string | null; traceId?: string; sessionId?: string; tab?: string }) {
  return <Frame crumbs={[]} title="TracePage"><div /></Frame>;
}
