import "./account.css";
import { useEffect, type ReactNode } from "react";
import { Mark } from "../../shell/Mark";

/** What the pages of people who have not signed in stand in: no way into the application, one card. */
export function AccountFrame({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Bennu`;
  }, [title]);
  return (
    <main className="account" id="content">
      <div className="account-card">
        <div className="account-head">
          <Mark size={36} />
          <h1>{title}</h1>
          {text !== undefined && <p>{text}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}
