import { Frame } from "../../shell/Frame";

export function ProjectPage(_: { projectId: string | null; traceId?: string; sessionId?: string; tab?: string }) {
  return <Frame crumbs={[]} title="ProjectPage"><div /></Frame>;
}
