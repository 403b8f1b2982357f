import "./settings.css";
import { useState } from "react";
import { pageConfig } from "../../config";
import { changeUser, createUser, DataError, deleteUsers, useUsers, type AuthMethod, type Role, type User, type Viewer } from "../../data";
import { Dialog } from "../../ui/Dialog";
import { ChoiceField, Form, TextField } from "../../ui/Form";
import { DataNotice, Notice } from "../../ui/Notice";
import { TimeAgo } from "../../ui/Time";
import { NewPasswordFields, isUsable, noPassword } from "../account/NewPasswordFields";
import { roleChoices, roleName } from "./roles";

const methods: Record<AuthMethod, string> = { LOCAL: "Password", OAUTH2: "Provider", LDAP: "LDAP" };

type Task = { readonly name: "create" } | { readonly name: "password" | "delete"; readonly user: User };

/** Everybody who may sign in. */
export function UserTable({ viewer }: { viewer: Viewer }) {
  const { value: users, error, refresh } = useUsers();
  const [task, setTask] = useState<Task | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const done = () => {
    setTask(null);
    refresh();
  };

  async function changeRole(user: User, newRole: Role) {
    setProblem(null);
    try {
      await changeUser({ userId: user.id, newRole });
    } catch (refused) {
      setProblem(DataError.from(refused).message);
    }
    refresh();
  }

  return (
    <section aria-label="Users">
      <div className="settings-head">
        <h2>Users</h2>
        <button type="button" className="button" onClick={() => setTask({ name: "create" })}>New user</button>
      </div>
      {error !== null && <DataNotice error={error} isStale={users !== undefined} onRetry={refresh} />}
      {problem !== null && <Notice tone="error">{problem}</Notice>}
      {users !== undefined && (
        <div className="plain-table-frame">
          <table className="plain-table">
            <thead>
              <tr>
                <th>Name</th><th>Signs in with</th><th>Role</th><th>Since</th><th><span className="hidden-visually">Actions</span></th>
              </tr>
            </thead>
            <tbody>
              {users.filter((user) => user.role !== "SYSTEM").map((user) => (
                <tr key={user.id}>
                  <td className="wide">{user.username}<div className="quiet">{user.email}</div></td>
                  <td>{methods[user.authMethod]}</td>
                  <td>
                    {user.id === viewer.id ? roleName(user.role) : (
                      <select
                        aria-label={`Role of ${user.username}`} value={user.role}
                        onChange={(event) => void changeRole(user, event.target.value as Role)}
                      >
                        {roleChoices.map(([role]) => <option key={role} value={role}>{roleName(role)}</option>)}
                      </select>
                    )}
                  </td>
                  <td><TimeAgo instant={user.createdAt} /></td>
                  <td>
                    {user.id !== viewer.id && (
                      <div className="row-actions">
                        {user.authMethod === "LOCAL" && (
                          <button type="button" className="button button-small" onClick={() => setTask({ name: "password", user })}>Password</button>
                        )}
                        <button
                          type="button" className="button button-small button-danger" aria-label={`Delete ${user.username}`}
                          onClick={() => setTask({ name: "delete", user })}
                        >
                          Delete
                        </button>
                      </div>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {task?.name === "create" && <NewUser onDone={done} onClose={() => setTask(null)} />}
      {task?.name === "password" && <SetPassword user={task.user} onDone={done} onClose={() => setTask(null)} />}
      {task?.name === "delete" && <DeleteUser user={task.user} onDone={done} onClose={() => setTask(null)} />}
    </section>
  );
}

interface TaskProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function NewUser({ onDone, onClose }: TaskProps) {
  const offered = methodsOffered();
  const [email, setEmail] = useState("");
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("MEMBER");
  const [authMethod, setAuthMethod] = useState<AuthMethod>(offered[0]?.[0] ?? "LOCAL");
  const [password, setPassword] = useState(noPassword);
  const isLocal = authMethod === "LOCAL";
  const isReady = email.includes("@") && username.trim() !== "" && (!isLocal || isUsable(password));
  return (
    <Dialog title="New user" onClose={onClose}>
      <Form
        submitLabel="Make the user" isReady={isReady} onCancel={onClose}
        send={async () => {
          await createUser({
            email: email.trim(), username: username.trim(), role, authMethod, password: isLocal ? password.value : null,
            sendWelcomeEmail: pageConfig.authentication?.hasMail === true,
          });
          onDone();
        }}
      >
        {offered.length > 1 && <ChoiceField label="Signs in with" value={authMethod} choices={offered} onChange={setAuthMethod} />}
        <TextField label="Mail address" type="email" name="new-email" autoComplete="off" autoFocus value={email} onChange={setEmail} />
        <TextField label="Name" name="new-name" autoComplete="off" value={username} onChange={setUsername} />
        <ChoiceField<Role> label="Role" value={role} choices={roleChoices} onChange={setRole} />
        {isLocal && <NewPasswordFields password={password} onChange={setPassword} />}
      </Form>
    </Dialog>
  );
}

function methodsOffered(): readonly (readonly [AuthMethod, string])[] {
  const authentication = pageConfig.authentication;
  const offered: (readonly [AuthMethod, string])[] = [];
  if (authentication?.hasPasswords === true) {
    offered.push(["LOCAL", "A password"]);
  }
  if ((authentication?.providers.length ?? 0) > 0) {
    offered.push(["OAUTH2", "A provider"]);
  }
  if (authentication?.hasLDAP === true) {
    offered.push(["LDAP", "LDAP"]);
  }
  return offered;
}

function SetPassword({ user, onDone, onClose }: TaskProps & { user: User }) {
  const [password, setPassword] = useState(noPassword);
  return (
    <Dialog title={`Set the password of ${user.username}`} onClose={onClose}>
      <Form
        submitLabel="Set the password" isReady={isUsable(password)} onCancel={onClose}
        send={async () => {
          await changeUser({ userId: user.id, newPassword: password.value });
          onDone();
        }}
      >
        <p className="quiet">{user.username} is signed out everywhere and chooses a new one at the next sign-in.</p>
        <NewPasswordFields password={password} onChange={setPassword} />
      </Form>
    </Dialog>
  );
}

function DeleteUser({ user, onDone, onClose }: TaskProps & { user: User }) {
  return (
    <Dialog title={`Delete ${user.username}?`} onClose={onClose}>
      <p>The account, its sessions and its own API keys end at once. Traces and annotations stay.</p>
      <Form
        submitLabel="Delete the user" onCancel={onClose}
        send={async () => {
          await deleteUsers([user.id]);
          onDone();
        }}
      >
        {null}
      </Form>
    </Dialog>
  );
}
