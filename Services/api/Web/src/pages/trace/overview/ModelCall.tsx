import "./ModelCall.css";
import type { JSONObject, JSONValue, SpanDetail } from "../../../data";
import { costText, exactText } from "../../../format/number";
import { isObject } from "../../../model/attributes";
import { tokenDetails, type PromptTemplate, type ToolDefinition } from "../../../model/openInference";
import { Clamp } from "../../../ui/Clamp";
import { JSONText } from "../../../ui/JSONText";
import { JSONTree } from "../../../ui/JSONTree";

/** Settings as a row of names and values; what is nested is laid out below. */
export function Parameters({ parameters }: { parameters: JSONObject }) {
  return (
    <dl className="parameters">
      {Object.entries(parameters).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{isScalar(value) ? <code>{String(value)}</code> : <code>{JSON.stringify(value)}</code>}</dd>
        </div>
      ))}
    </dl>
  );
}

function isScalar(value: JSONValue): boolean {
  return typeof value !== "object" || value === null;
}

/** The tools that the model could choose from. */
export function Tools({ tools }: { tools: readonly ToolDefinition[] }) {
  return (
    <ul className="tools">
      {tools.map((tool, index) => (
        <li key={index}>
          <details>
            <summary>
              <code>{tool.name}</code>
              {tool.description !== null && <span className="tools-words">{tool.description}</span>}
            </summary>
            {tool.description !== null && <p className="tools-description">{tool.description}</p>}
            {tool.parameters !== null && <JSONText value={tool.parameters} />}
          </details>
        </li>
      ))}
    </ul>
  );
}

export function Template({ template }: { template: PromptTemplate }) {
  const { variables } = template;
  return (
    <div className="template">
      <Clamp height={200}><div className="text-plain"><WithVariables text={template.template} /></div></Clamp>
      {isObject(variables ?? undefined) && <JSONTree value={variables as JSONObject} label="Variables of the template" />}
    </div>
  );
}

/** A template with its `{variables}` set apart. */
function WithVariables({ text }: { text: string }) {
  return (
    <>
      {text.split(/(\{\{?[\w .-]{1,80}\}\}?)/).map((piece, index) =>
        index % 2 === 1 ? <span key={index} className="template-variable">{piece}</span> : piece,
      )}
    </>
  );
}

/** What the call took of tokens and money, by side. */
export function Usage({ span }: { span: SpanDetail }) {
  const details = tokenDetails(span.attributes);
  const { promptTokens, completionTokens, promptCost, completionCost } = span;
  const row = (title: string, tokens: number, cost: number | null, side: "prompt" | "completion" | null) => (
    <tr>
      <th scope="row">{title}</th>
      <td className="numeric">{exactText(tokens)}</td>
      <td className="usage-details">
        {details.filter((detail) => detail.side === side).map((detail) => (
          <span key={detail.type} className="usage-detail numeric">{detail.type.replace(/_/g, " ")} {exactText(detail.count)}</span>
        ))}
      </td>
      <td className="numeric">{costText(cost)}</td>
    </tr>
  );
  return (
    <table className="usage">
      <thead>
        <tr><th scope="col">Side</th><th scope="col">Tokens</th><th scope="col">Of these</th><th scope="col">Cost</th></tr>
      </thead>
      <tbody>
        {row("Prompt", promptTokens ?? 0, promptCost, "prompt")}
        {row("Completion", completionTokens ?? 0, completionCost, "completion")}
        {row("Total", (promptTokens ?? 0) + (completionTokens ?? 0), (promptCost ?? 0) + (completionCost ?? 0), null)}
      </tbody>
    </table>
  );
}
