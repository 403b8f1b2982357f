import "./settings.css";
import { pageConfig } from "../../config";
import { useSystemKeys, useViewer } from "../../data";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import type { SettingsTab } from "../../router/route";
import { Frame } from "../../shell/Frame";
import { DataNotice, Empty } from "../../ui/Notice";
import { KeyTable } from "./KeyTable";
import { UserTable } from "./UserTable";

const tabs = [["users", "Users"], ["keys", "System keys"]] as const;

export function SettingsPage({ tab }: { tab: SettingsTab }) {
  const { value: viewer, error, refresh } = useViewer();
  return (
    <Frame crumbs={[{ text: "Settings" }]} title="Settings">
      <div className="page settings">
        <h1 className="page-title">Settings</h1>
        {error !== null && <DataNotice error={error} isStale={viewer !== undefined} onRetry={refresh} />}
        {pageConfig.authentication === null && <Empty title="Nobody signs in here"><p>Accounts are turned off on this server.</p></Empty>}
        {viewer !== undefined && viewer !== null && viewer.role !== "ADMIN" && (
          <Empty title="For administrators only"><p>Your own name, password and keys are in your profile.</p></Empty>
        )}
        {viewer?.role === "ADMIN" && (
          <>
            <nav className="tabs" aria-label="Settings">
              {tabs.map(([name, title]) => (
                <Link key={name} className="tab" href={href({ page: "settings", tab: name })} aria-current={name === tab ? "page" : undefined}>
                  {title}
                </Link>
              ))}
            </nav>
            {tab === "users" ? <UserTable viewer={viewer} /> : <SystemKeys />}
          </>
        )}
      </div>
    </Frame>
  );
}

function SystemKeys() {
  const { value: keys, error, refresh } = useSystemKeys(true);
  return (
    <>
      {error !== null && <DataNotice error={error} isStale={keys !== undefined} onRetry={refresh} />}
      {keys !== undefined && <KeyTable title="System API keys" kind="system" keys={keys} onChange={refresh} />}
    </>
  );
}
