import "./ProjectsPage.css";
import { useState } from "react";
import { useProjects, type ListedProject } from "../../data";
import { Frame } from "../../shell/Frame";
import { useShortcuts } from "../../shell/shortcuts";
import { countText } from "../../format/number";
import { DataNotice, Empty, Skeleton } from "../../ui/Notice";
import { SearchField } from "../../ui/SearchField";
import { FirstTrace } from "./FirstTrace";
import { ProjectCard } from "./ProjectCard";

export function ProjectsPage() {
  const { value: projects, error, refresh } = useProjects();
  const hasTraces = projects?.some((project) => project.spanCount > 0) ?? false;
  return (
    <Frame crumbs={[{ text: "Projects" }]} title="Projects">
      <div className="page">
        {error !== null && <DataNotice error={error} isStale={projects !== undefined} onRetry={refresh} />}
        {projects === undefined && error === null && <Loading />}
        {projects !== undefined && !hasTraces && <FirstTrace />}
        {projects !== undefined && hasTraces && <ProjectList projects={projects} />}
      </div>
    </Frame>
  );
}

function ProjectList({ projects }: { projects: readonly ListedProject[] }) {
  const [wanted, setWanted] = useState("");
  useShortcuts("Projects", [
    { keys: ["/"], does: "Find a project", run: (event) => focusSearch(event) },
  ]);
  const shown = [...projects]
    .filter((project) => project.name.toLowerCase().includes(wanted.trim().toLowerCase()))
    .sort((a, b) => (b.lastSpanTime ?? 0) - (a.lastSpanTime ?? 0) || a.name.localeCompare(b.name));
  const spans = projects.reduce((sum, project) => sum + project.spanCount, 0);
  return (
    <>
      <div className="projects-head">
        <div>
          <h1 className="page-title">Projects</h1>
          <p className="projects-sum">
            {projects.length} {projects.length === 1 ? "project" : "projects"}, {countText(spans)} spans
          </p>
        </div>
        <div className="projects-search">
          <SearchField value={wanted} onChange={setWanted} label="Find a project" shortcut="/" />
        </div>
      </div>
      {shown.length === 0 && <Empty title="No project has such a name" />}
      <ul className="projects">
        {shown.map((project) => <ProjectCard key={project.id} project={project} />)}
      </ul>
    </>
  );
}

function focusSearch(event: KeyboardEvent) {
  event.preventDefault();
  document.querySelector<HTMLInputElement>(".projects-search input")?.focus();
}

function Loading() {
  return (
    <div aria-busy="true" aria-label="Loading the projects">
      <div className="projects-head">
        <div>
          <Skeleton width={120} height={22} />
        </div>
      </div>
      <div className="projects">
        {[0, 1, 2, 3].map((index) => <div key={index} className="project-card project-card-loading"><Skeleton width="60%" /></div>)}
      </div>
    </div>
  );
}
