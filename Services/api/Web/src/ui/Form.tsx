import "./Form.css";
import { useId, useState, type FormEvent, type InputHTMLAttributes, type ReactNode } from "react";
import { DataError } from "../data";
import { Notice } from "./Notice";

/** A field with its name above it, and below it what helps or what is wrong. */
export function TextField({ label, hint, problem, onChange, ...input }: {
  label: string;
  hint?: string;
  problem?: string | null;
  onChange: (value: string) => void;
} & Omit<InputHTMLAttributes<HTMLInputElement>, "onChange">) {
  const id = useId();
  const said = problem ?? hint;
  return (
    <div className="form-field">
      <label className="form-label" htmlFor={id}>{label}</label>
      <input
        type="text" {...input} id={id} aria-invalid={typeof problem === "string" ? true : undefined}
        aria-describedby={said === undefined ? undefined : `${id}-said`} onChange={(event) => onChange(event.target.value)}
      />
      {said !== undefined && <span id={`${id}-said`} className={typeof problem === "string" ? "form-problem" : "form-hint"}>{said}</span>}
    </div>
  );
}

export function ChoiceField<Value extends string>({ label, value, choices, onChange }: {
  label: string;
  value: Value;
  choices: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
}) {
  const id = useId();
  return (
    <div className="form-field">
      <label className="form-label" htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {choices.map(([choice, title]) => <option key={choice} value={choice}>{title}</option>)}
      </select>
    </div>
  );
}

/** A form that sends once at a time and says above its buttons what was refused. */
export function Form({ send, submitLabel, isReady = true, onCancel, children }: {
  /** What is thrown is shown. */
  send: () => Promise<void>;
  submitLabel: string;
  isReady?: boolean;
  onCancel?: () => void;
  children: ReactNode;
}) {
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isSending || !isReady) {
      return;
    }
    setSending(true);
    setProblem(null);
    try {
      await send();
    } catch (error) {
      setProblem(DataError.from(error).message);
    }
    setSending(false);
  }

  return (
    <form className="form" onSubmit={(event) => void submit(event)} noValidate>
      {children}
      {problem !== null && <Notice tone="error">{problem}</Notice>}
      <div className="form-actions">
        {onCancel !== undefined && <button type="button" className="button" onClick={onCancel}>Cancel</button>}
        <button type="submit" className="button button-primary" disabled={!isReady || isSending}>{submitLabel}</button>
      </div>
    </form>
  );
}
