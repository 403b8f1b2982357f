import "./ShortcutHelp.css";
import { useEffect, useRef } from "react";
import { Icon } from "../ui/Icon";
import { shortcutGroups } from "./shortcuts";

const symbols: Record<string, string> = {
  ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Enter: "↵", Escape: "Esc", " ": "Space", Home: "Home", End: "End",
};

/** All keys that work where the reader is. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  return (
    <dialog
      ref={dialog} className="shortcut-help" aria-labelledby="shortcut-help-title" onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div className="shortcut-help-body">
        <header>
          <h2 id="shortcut-help-title">Keyboard shortcuts</h2>
          <button type="button" className="button-icon button-small" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" size={14} />
          </button>
        </header>
        {shortcutGroups().map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.shortcuts.map((shortcut) => (
                <div key={shortcut.does}>
                  <dt>{shortcut.does}</dt>
                  <dd>
                    {shortcut.keys.map((key) => <kbd className="key" key={key}>{symbols[key] ?? key}</kbd>)}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
