import { ErrorBoundary } from "./shell/ErrorBoundary";
import { Frame } from "./shell/Frame";
import { useScrollMemory } from "./shell/useScrollMemory";
import { href } from "./router/history";
import { Link } from "./router/Link";
import type { Route } from "./router/route";
import { useLocation } from "./router/useLocation";
import { ProjectPage } from "./pages/project/ProjectPage";
import { ProjectsPage } from "./pages/projects/ProjectsPage";
import { SessionPage } from "./pages/session/SessionPage";
import { SpanRedirect } from "./pages/trace/SpanRedirect";
import { TracePage } from "./pages/trace/TracePage";
import { Empty } from "./ui/Notice";

export function App() {
  const location = useLocation();
  useScrollMemory(location);
  return (
    <ErrorBoundary key={subject(location.route)}>
      <Page route={location.route} />
    </ErrorBoundary>
  );
}

/** What a page is about: going from one of its tabs to another keeps it, anything else starts it afresh. */
function subject(route: Route): string {
  return route.page === "project" ? `project ${route.projectId}` : JSON.stringify(route);
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "projects":
      return <ProjectsPage />;
    case "project":
      return <ProjectPage projectId={route.projectId} tab={route.tab} />;
    case "session":
      return <SessionPage projectId={route.projectId} sessionId={route.sessionId} />;
    case "trace":
      return <TracePage projectId={route.projectId} traceId={route.traceId} />;
    case "span":
      return <SpanRedirect spanId={route.spanId} />;
    case "missing":
      return <MissingPage />;
  }
}

function MissingPage() {
  return (
    <Frame crumbs={[]} title="Not found">
      <Empty isPage title="There is no such page">
        <p>The address may be mistyped, or come from a newer version.</p>
        <Link className="button" href={href({ page: "projects" })}>Go to the projects</Link>
      </Empty>
    </Frame>
  );
}
