import { DataError, type DataErrorReason } from "./DataError";
import { Fields } from "./decode";
import { authorizedFetch } from "./session";

export type Variables = Readonly<Record<string, unknown>>;

/** Asks GraphQL; the document is a constant text, all that varies goes by variables. Rejects with the first error's words. */
export async function graphql(document: string, variables: Variables = {}): Promise<Fields> {
  const response = await authorizedFetch("graphql", {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ query: document, variables }),
  });
  if (!response.ok) {
    throw new DataError(refusalReason(response.status), `The server answered ${response.status}.`, response.status);
  }
  let answer: { data?: unknown; errors?: readonly { message?: unknown }[] };
  try {
    answer = (await response.json()) as typeof answer;
  } catch {
    throw new DataError("malformed", "The server's answer is not JSON.");
  }
  const message = answer.errors?.[0]?.message;
  if (typeof message === "string") {
    throw new DataError("refused", message);
  }
  return Fields.of(answer.data, "data");
}

function refusalReason(status: number): DataErrorReason {
  if (status === 401 || status === 403) {
    return "unauthorized";
  }
  return status >= 500 || status === 429 ? "unavailable" : "refused";
}
