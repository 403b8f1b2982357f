import "./ProjectPage.css";
import { useProject, type Project } from "../../data";
import type { ProjectTab } from "../../router/route";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { Frame } from "../../shell/Frame";
import { LivenessBadge } from "../../shell/LivenessBadge";
import { DataNotice, Skeleton } from "../../ui/Notice";
import { ActivityPanel } from "./ActivityPanel";
import { MissingProject } from "./MissingProject";
import { ProjectFacts } from "./ProjectFacts";
import { SessionList } from "./SessionList";
import { TraceList } from "./TraceList";

export function ProjectPage({ projectId, tab }: { projectId: string; tab: ProjectTab }) {
  const { value: project, error, refresh } = useProject(projectId);
  const name = project?.name ?? "Project";
  const isMissing = error?.reason === "notFound" && project === undefined;
  return (
    <Frame
      crumbs={[{ text: "Projects", href: href({ page: "projects" }) }, { text: project?.name ?? "…" }]} title={name}
      status={<LivenessBadge projectId={projectId} />}
    >
      <div className="page">
        {isMissing && <MissingProject project={projectId} />}
        {error !== null && !isMissing && <DataNotice error={error} isStale={project !== undefined} onRetry={refresh} />}
        {error?.reason !== "notFound" && (
          <>
            <Head project={project} />
            <section className="project-overview" aria-label="Overview">
              <ProjectFacts project={project} />
              <ActivityPanel projectId={projectId} />
            </section>
            {tab === "traces"
              ? <TraceList projectId={projectId} project={project} tabs={<ProjectTabs projectId={projectId} tab={tab} />} />
              : <SessionList projectId={projectId} tabs={<ProjectTabs projectId={projectId} tab={tab} />} />}
          </>
        )}
      </div>
    </Frame>
  );
}

function Head({ project }: { project: Project | undefined }) {
  return (
    <div className="project-head">
      <h1 className="page-title">{project === undefined ? <Skeleton width={180} height={26} /> : project.name}</h1>
      {project?.description != null && project.description !== "" && <p>{project.description}</p>}
    </div>
  );
}

function ProjectTabs({ projectId, tab }: { projectId: string; tab: ProjectTab }) {
  const link = (to: ProjectTab, text: string) => (
    <Link className="tab" href={href({ page: "project", projectId, tab: to })} aria-current={to === tab ? "page" : undefined}>{text}</Link>
  );
  return (
    <nav className="tabs" aria-label="Views of the project">
      {link("traces", "Traces")}
      {link("sessions", "Sessions")}
    </nav>
  );
}
