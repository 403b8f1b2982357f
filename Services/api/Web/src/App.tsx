import { useEffect, type ReactNode } from "react";
import { useViewer } from "./data";
import { FirstPasswordPage } from "./pages/account/FirstPasswordPage";
import { ForgottenPasswordPage } from "./pages/account/ForgottenPasswordPage";
import { ResetPasswordPage } from "./pages/account/ResetPasswordPage";
import { SignInPage } from "./pages/account/SignInPage";
import { ProfilePage } from "./pages/settings/ProfilePage";
import { SettingsPage } from "./pages/settings/SettingsPage";
import { ErrorBoundary } from "./shell/ErrorBoundary";
import { Frame } from "./shell/Frame";
import { useScrollMemory } from "./shell/useScrollMemory";
import { href, redirect } from "./router/history";
import { Link } from "./router/Link";
import type { Route } from "./router/route";
import { useLocation } from "./router/useLocation";
import { isProjectId } from "./model/ids";
import { ProjectPage } from "./pages/project/ProjectPage";
import { ProjectRedirect } from "./pages/project/ProjectRedirect";
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
  switch (route.page) {
    case "project":
      return `project ${route.projectId}`;
    case "settings":
      return "settings";
    default:
      return JSON.stringify(route);
  }
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "signIn":
      return <SignInPage isSignedOut={false} />;
    case "signedOut":
      return <SignInPage isSignedOut />;
    case "forgottenPassword":
      return <ForgottenPasswordPage />;
    case "resetPassword":
      return <ResetPasswordPage />;
    case "firstPassword":
      return <FirstPasswordPage />;
    default:
      return <OwnPasswordFirst><InnerPage route={route} /></OwnPasswordFirst>;
  }
}

/** Leads people whose password somebody else has chosen to where they choose their own. */
function OwnPasswordFirst({ children }: { children: ReactNode }) {
  const mustChange = useViewer().value?.mustChangePassword === true;
  useEffect(() => {
    if (mustChange) {
      redirect(href({ page: "firstPassword" }));
    }
  }, [mustChange]);
  return mustChange ? null : <>{children}</>;
}

function InnerPage({ route }: { route: Route }) {
  // A trace's page needs no name: it goes to the trace's own project by itself.
  if ((route.page === "project" || route.page === "session") && !isProjectId(route.projectId)) {
    return <ProjectRedirect route={route} />;
  }
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
    case "profile":
      return <ProfilePage />;
    case "settings":
      return <SettingsPage tab={route.tab} />;
    default:
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
