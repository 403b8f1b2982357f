import "./Messages.css";
import type { ReactNode } from "react";
import { parsedJSON } from "../../../model/attributes";
import type { Message, MessagePart, ToolCall } from "../../../model/openInference";
import { Clamp } from "../../../ui/Clamp";
import { CopyButton } from "../../../ui/CopyButton";
import { Icon } from "../../../ui/Icon";
import { JSONText } from "../../../ui/JSONText";
import { ContentText } from "./ContentText";

/** What was said to a model and by it, from top to bottom. */
export function Messages({ messages, label }: { messages: readonly Message[]; label: string }) {
  return (
    <ol className="messages" aria-label={label}>
      {messages.map((message, index) => <MessageView key={index} message={message} />)}
    </ol>
  );
}

function MessageView({ message }: { message: Message }) {
  const { role, name, parts, toolCalls, toolCallId, finishReason } = message;
  const text = parts.map((part) => ("text" in part ? part.text : "")).join("\n");
  return (
    <li className={`message message-${tone(role)}`}>
      <div className="message-head">
        <span className="message-role">{role}</span>
        {name !== null && <code className="message-note">{name}</code>}
        {toolCallId !== null && <code className="message-note" title="The call it answers">{toolCallId}</code>}
        {finishReason !== null && <span className="message-note" title="Why the model stopped">{finishReason}</span>}
        {text !== "" && <span className="message-copy"><CopyButton text={text} label={`Copy the ${role} message`} /></span>}
      </div>
      <Clamp height={tone(role) === "system" ? 120 : tone(role) === "tool" ? 240 : 520}>
        <div className="message-parts">
          {parts.map((part, index) => <PartView key={index} part={part} />)}
          {toolCalls.map((call, index) => <ToolCallView key={index} call={call} />)}
          {parts.length === 0 && toolCalls.length === 0 && <p className="quiet">Nothing</p>}
        </div>
      </Clamp>
    </li>
  );
}

type Tone = "system" | "user" | "assistant" | "tool" | "other";

function tone(role: string): Tone {
  switch (role.toLowerCase()) {
    case "system":
    case "developer":
      return "system";
    case "user":
    case "human":
      return "user";
    case "assistant":
    case "ai":
    case "model":
      return "assistant";
    case "tool":
    case "function":
      return "tool";
    default:
      return "other";
  }
}

function PartView({ part }: { part: MessagePart }): JSX.Element {
  switch (part.type) {
    case "text":
      return <ContentText text={part.text} />;
    case "reasoning":
      return <Reasoning><ContentText text={part.text} /></Reasoning>;
    case "image":
      return <ImageView url={part.url} />;
    case "other":
      return <JSONText value={part.value} />;
  }
}

function Reasoning({ children }: { children: ReactNode }) {
  return (
    <details className="reasoning">
      <summary>Reasoning</summary>
      {children}
    </details>
  );
}

/** Pictures that came along are shown. Others stay on the hosts they are on: loading them would tell those hosts who reads. */
function ImageView({ url }: { url: string }) {
  return /^data:image\/(png|jpeg|gif|webp);/i.test(url)
    ? <img className="message-image" src={url} alt="Picture in the message" />
    : (
      <p className="message-link">
        <Icon name="external" size={13} /> Picture: <code>{url.length > 200 ? `${url.slice(0, 200)}…` : url}</code>
      </p>
    );
}

export function ToolCallView({ call }: { call: ToolCall }) {
  const json = parsedJSON(call.argumentsText);
  return (
    <div className="tool-call">
      <div className="tool-call-head">
        <Icon name="kind-tool" size={13} />
        <code>{call.name}</code>
        {call.id !== null && <code className="message-note">{call.id}</code>}
        <span className="message-copy"><CopyButton text={call.argumentsText} label={`Copy the arguments of ${call.name}`} /></span>
      </div>
      {json === undefined ? call.argumentsText !== "" && <pre className="json-text">{call.argumentsText}</pre> : <JSONText value={json} />}
    </div>
  );
}
