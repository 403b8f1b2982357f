import { useRef, type KeyboardEvent, type ReactNode } from "react";

export interface Tab<Name extends string> {
  readonly name: Name;
  readonly title: string;
  readonly count?: number;
  readonly isAlarming?: boolean;
}

/** Tabs over one panel: arrow keys go from tab to tab. */
export function Tabs<Name extends string>({ tabs, chosen, label, onChoose, children }: {
  tabs: readonly Tab<Name>[];
  chosen: Name;
  label: string;
  onChoose: (name: Name) => void;
  children: ReactNode;
}) {
  const list = useRef<HTMLDivElement>(null);

  function move(event: KeyboardEvent) {
    const at = tabs.findIndex((tab) => tab.name === chosen);
    const steps: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 };
    const to = steps[event.key];
    const tab = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (tab !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      onChoose(tab.name);
      list.current?.querySelector<HTMLElement>(`#tab-${tab.name}`)?.focus();
    }
  }

  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.name} id={`tab-${tab.name}`} type="button" role="tab" className="tab" aria-selected={tab.name === chosen}
            aria-controls="tab-panel" tabIndex={tab.name === chosen ? 0 : -1} onClick={() => onChoose(tab.name)}
          >
            {tab.title}
            {tab.count !== undefined && tab.count > 0 && (
              <span className={tab.isAlarming === true ? "tab-count tab-count-error" : "tab-count"}>{tab.count}</span>
            )}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${chosen}`} tabIndex={0} className="tab-panel">
        {children}
      </div>
    </>
  );
}
