import "./Frame.css";
import { Fragment, useEffect, useState, type ReactNode } from "react";
import { useViewer } from "../data";
import { href, navigate } from "../router/history";
import { Link } from "../router/Link";
import { applyTheme, storedTheme, storeTheme, themeAfter, type Theme } from "../theme/theme";
import { Icon, type IconName } from "../ui/Icon";
import { Mark } from "./Mark";
import { ShortcutHelp } from "./ShortcutHelp";
import { everywhere, useShortcuts } from "./shortcuts";

export interface Crumb {
  readonly text: string;
  /** None for the page itself. */
  readonly href?: string;
  readonly isCode?: boolean;
}

interface FrameProps {
  readonly crumbs: readonly Crumb[];
  readonly title: string;
  /** Beside the buttons at the right end of the top bar. */
  readonly status?: ReactNode;
  /** The page fills the window, and its parts scroll by themselves. */
  readonly isFilling?: boolean;
  readonly children: ReactNode;
}

/** What every page stands in: the top bar with the way back, and the landmarks. */
export function Frame({ crumbs, title, status, isFilling = false, children }: FrameProps) {
  const [isHelpShown, showHelp] = useState(false);
  const [theme, setTheme] = useTheme();
  useEffect(() => {
    document.title = title === "Bennu" ? title : `${title} · Bennu`;
  }, [title]);
  useShortcuts(everywhere, [
    { keys: ["?"], does: "Show these keys", run: () => showHelp(true) },
    { keys: ["p"], does: "Go to the projects", run: () => navigate(href({ page: "projects" })) },
    { keys: ["t"], does: "Light, dark or as the system says", run: () => setTheme(themeAfter(theme)) },
  ]);

  return (
    <div className={isFilling ? "frame frame-filling" : "frame"}>
      <a
        className="skip-link" href="#content"
        onClick={(event) => {
          // With a `<base>`, a bare fragment would lead to another address.
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
      >
        Skip to content
      </a>
      <header className="top-bar">
        <Link className="home" href={href({ page: "projects" })} aria-label="Bennu: projects">
          <Mark />
          <span className="home-name">Bennu</span>
        </Link>
        <Crumbs crumbs={crumbs} />
        <div className="top-bar-end">
          {status}
          <AccountLinks />
          <ThemeButton theme={theme} onChange={setTheme} />
          <button type="button" className="button-icon" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={() => showHelp(true)}>
            <Icon name="keyboard" />
          </button>
        </div>
      </header>
      <main id="content" className="content" tabIndex={-1}>{children}</main>
      {isHelpShown && <ShortcutHelp onClose={() => showHelp(false)} />}
    </div>
  );
}

/** Nothing where nobody signs in. */
function AccountLinks() {
  const viewer = useViewer().value;
  if (viewer === undefined || viewer === null) {
    return null;
  }
  return (
    <nav className="account-nav" aria-label="Account">
      {viewer.role === "ADMIN" && <Link className="account-link" href={href({ page: "settings", tab: "users" })}>Settings</Link>}
      <Link className="account-link" href={href({ page: "profile" })} title={`Signed in as ${viewer.username}`}>
        <Icon name="user" />
        <span className="account-name">{viewer.username}</span>
      </Link>
    </nav>
  );
}

function Crumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav className="crumbs" aria-label="Breadcrumb">
      <ol>
        {crumbs.map((crumb, index) => (
          <Fragment key={index}>
            <li className="crumb-mark" aria-hidden="true">/</li>
            <li className={crumb.isCode === true ? "crumb crumb-code" : "crumb"}>
              {crumb.href === undefined
                ? <span aria-current="page" title={crumb.text}>{crumb.text}</span>
                : <Link href={crumb.href} title={crumb.text}>{crumb.text}</Link>}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

const themes: Record<Theme, readonly [IconName, string]> = {
  system: ["system", "Theme: as the system says"],
  light: ["sun", "Theme: light"],
  dark: ["moon", "Theme: dark"],
};

function ThemeButton({ theme, onChange }: { theme: Theme; onChange: (theme: Theme) => void }) {
  const [icon, label] = themes[theme];
  return (
    <button type="button" className="button-icon" aria-label={label} title={`${label} (t)`} onClick={() => onChange(themeAfter(theme))}>
      <Icon name={icon} />
    </button>
  );
}

function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, set] = useState(storedTheme);
  function choose(next: Theme) {
    storeTheme(next);
    applyTheme(next);
    set(next);
  }
  return [theme, choose];
}
