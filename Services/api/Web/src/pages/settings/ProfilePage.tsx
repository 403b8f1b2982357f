import "./settings.css";
import { useState } from "react";
import { pageConfig } from "../../config";
import { changeViewer, useViewer, type Viewer } from "../../data";
import { Frame } from "../../shell/Frame";
import { Form, TextField } from "../../ui/Form";
import { DataNotice, Empty } from "../../ui/Notice";
import { NewPasswordFields, isUsable, noPassword } from "../account/NewPasswordFields";
import { KeyTable } from "./KeyTable";
import { roleName } from "./roles";

export function ProfilePage() {
  const { value: viewer, error, refresh } = useViewer();
  return (
    <Frame crumbs={[{ text: "Profile" }]} title="Profile">
      <div className="page settings">
        {error !== null && <DataNotice error={error} isStale={viewer !== undefined} onRetry={refresh} />}
        {pageConfig.authentication === null && <Empty isPage title="Nobody signs in here"><p>Accounts are turned off on this server.</p></Empty>}
        {viewer !== undefined && viewer !== null && <Profile viewer={viewer} onChange={refresh} />}
      </div>
    </Frame>
  );
}

function Profile({ viewer, onChange }: { viewer: Viewer; onChange: () => void }) {
  return (
    <>
      <div className="settings-head">
        <h1 className="page-title">{viewer.username}</h1>
        <a className="button" href={`${pageConfig.rootPath}/auth/logout`}>Sign out</a>
      </div>
      <section className="settings-card" aria-label="Account">
        <dl className="facts-list">
          <dt>Mail address</dt><dd>{viewer.email ?? "none"}</dd>
          <dt>Role</dt><dd>{roleName(viewer.role)}</dd>
        </dl>
      </section>
      <Name viewer={viewer} onChange={onChange} />
      {viewer.authMethod === "LOCAL" && <Password />}
      <KeyTable title="Your API keys" kind="user" keys={viewer.keys} onChange={onChange} />
    </>
  );
}

function Name({ viewer, onChange }: { viewer: Viewer; onChange: () => void }) {
  const [name, setName] = useState(viewer.username);
  return (
    <section className="settings-card settings-card-narrow" aria-labelledby="change-name">
      <h2 id="change-name">Name</h2>
      <Form
        submitLabel="Change the name" isReady={name.trim() !== "" && name.trim() !== viewer.username}
        send={async () => {
          await changeViewer({ newUsername: name.trim() });
          onChange();
        }}
      >
        <TextField label="Name" name="username" autoComplete="username" value={name} onChange={setName} />
      </Form>
    </section>
  );
}

function Password() {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState(noPassword);
  return (
    <section className="settings-card settings-card-narrow" aria-labelledby="change-password">
      <h2 id="change-password">Password</h2>
      <Form
        submitLabel="Change the password" isReady={current !== "" && isUsable(password)}
        send={async () => {
          await changeViewer({ currentPassword: current, newPassword: password.value });
          window.location.assign(`${pageConfig.rootPath}/login?message=password-changed`);
        }}
      >
        <TextField
          label="Present password" type="password" name="current-password" autoComplete="current-password" value={current}
          onChange={setCurrent}
        />
        <NewPasswordFields password={password} onChange={setPassword} />
        <p className="form-hint">You are signed out everywhere, and sign in with the new one.</p>
      </Form>
    </section>
  );
}
