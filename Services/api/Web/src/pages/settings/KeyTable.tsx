import "./settings.css";
import { useState } from "react";
import { createKey, deleteKey, type ApiKey } from "../../data";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";
import { ChoiceField, Form, TextField } from "../../ui/Form";
import { Empty } from "../../ui/Notice";
import { TimeAgo } from "../../ui/Time";

/** API keys of one kind, with what makes and ends them. */
export function KeyTable({ title, kind, keys, onChange }: {
  title: string;
  kind: "user" | "system";
  keys: readonly ApiKey[];
  onChange: () => void;
}) {
  const [isMaking, setMaking] = useState(false);
  const [ending, setEnding] = useState<ApiKey | null>(null);
  return (
    <section aria-label={title}>
      <div className="settings-head">
        <h2>{title}</h2>
        <button type="button" className="button" onClick={() => setMaking(true)}>New key</button>
      </div>
      {keys.length === 0 && <Empty title="No keys"><p>A program that sends traces or reads them needs one.</p></Empty>}
      {keys.length > 0 && (
        <div className="plain-table-frame">
          <table className="plain-table">
            <thead>
              <tr><th>Name</th><th>Made</th><th>Ends</th><th><span className="hidden-visually">Actions</span></th></tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key.id}>
                  <td className="wide">{key.name}{key.description !== null && <div className="quiet">{key.description}</div>}</td>
                  <td><TimeAgo instant={key.createdAt} /></td>
                  <td>{key.expiresAt === null ? "never" : <TimeAgo instant={key.expiresAt} />}</td>
                  <td>
                    <div className="row-actions">
                      <button type="button" className="button button-small" aria-label={`End the key ${key.name}`} onClick={() => setEnding(key)}>End</button>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isMaking && <NewKey kind={kind} onMade={onChange} onClose={() => setMaking(false)} />}
      {ending !== null && (
        <Dialog title={`End the key ${ending.name}?`} onClose={() => setEnding(null)}>
          <p>Programs that use it are refused from now on.</p>
          <Form
            submitLabel="End the key" onCancel={() => setEnding(null)}
            send={async () => {
              await deleteKey(kind, ending.id);
              setEnding(null);
              onChange();
            }}
          >
            {null}
          </Form>
        </Dialog>
      )}
    </section>
  );
}

const lives = [["0", "Never"], ["30", "In 30 days"], ["90", "In 90 days"], ["365", "In a year"]] as const;

function NewKey({ kind, onMade, onClose }: { kind: "user" | "system"; onMade: () => void; onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [days, setDays] = useState<(typeof lives)[number][0]>("0");
  const [token, setToken] = useState<string | null>(null);
  if (token !== null) {
    return (
      <Dialog title="Your new key" onClose={onClose}>
        <p>Copy it now: it is not shown again.</p>
        <div className="token"><code>{token}</code><CopyButton text={token} label="Copy the key" /></div>
        <div className="form-actions"><button type="button" className="button button-primary" onClick={onClose}>Done</button></div>
      </Dialog>
    );
  }
  return (
    <Dialog title={kind === "user" ? "New key of yours" : "New system key"} onClose={onClose}>
      <Form
        submitLabel="Make the key" isReady={name.trim() !== ""} onCancel={onClose}
        send={async () => {
          const life = Number(days) * 86_400_000;
          setToken(await createKey(kind, {
            name: name.trim(),
            description: description.trim() === "" ? null : description.trim(),
            expiresAt: life === 0 ? null : new Date(Date.now() + life).toISOString(),
          }));
          onMade();
        }}
      >
        <TextField label="Name" name="key-name" autoFocus autoComplete="off" value={name} onChange={setName} />
        <TextField label="Description" name="key-description" autoComplete="off" value={description} onChange={setDescription} />
        <ChoiceField label="Ends" value={days} choices={lives} onChange={setDays} />
      </Form>
    </Dialog>
  );
}
