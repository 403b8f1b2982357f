import { useEffect } from "react";
import { useProjectNamed } from "../../data";
import { href, redirect } from "../../router/history";
import type { ProjectRoute } from "../../router/route";
import { useLocation } from "../../router/useLocation";
import { Frame } from "../../shell/Frame";
import { DataNotice } from "../../ui/Notice";
import { MissingProject } from "./MissingProject";

/** Finds the project whose name stands where its id belongs, as people and other tools link to it, and goes to the page there. */
export function ProjectRedirect({ route }: { route: ProjectRoute }) {
  const name = route.projectId;
  const { value: projectId, error, refresh } = useProjectNamed(name);
  const { query } = useLocation();
  useEffect(() => {
    if (projectId !== undefined) {
      redirect(href({ ...route, projectId }, Object.fromEntries(query)));
    }
  }, [projectId, route, query]);
  return (
    <Frame crumbs={[{ text: "Projects", href: href({ page: "projects" }) }, { text: name }]} title={name}>
      <div className="page">
        {error?.reason === "notFound" && <MissingProject project={name} />}
        {error !== null && error.reason !== "notFound" && <DataNotice error={error} isStale={false} onRetry={refresh} />}
      </div>
    </Frame>
  );
}
