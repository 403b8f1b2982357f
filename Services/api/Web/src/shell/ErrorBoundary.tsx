import { Component, type ReactNode } from "react";

interface State {
  readonly error: Error | null;
}

/** Keeps a page that breaks from taking the application along. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) {
      return this.props.children;
    }
    return (
      <main className="empty" role="alert">
        <h2>This page broke</h2>
        <p>{error.message}</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>Load it again</button>
      </main>
    );
  }
}
