import { DataError, type DataErrorReason } from "./DataError";
import { Fields } from "./decode";
import { authorizedFetch } from "./session";

export type Variables = Readonly<Record<string, unknown>>;

/** Asks GraphQL; the document is a constant text, all that varies goes by variables. Rejects with the first error's words. */
export async function graphql(document: string, variables: Variables = {}, signal?: AbortSignal): Promise<Fields> {
  const response = await authorizedFetch("graphql", {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ query: document, variables }),
    ...(signal === undefined ? {} : { signal }),
  });
  const answer = await answerOf(response, signal);
  const error = answer?.errors?.[0];
  if (typeof error?.message === "string") {
    throw new DataError(reason(error.extensions?.code, response.status), error.message, response.status);
  }
  if (!response.ok) {
    const words = answer?.error?.message;
    throw new DataError(
      reason(undefined, response.status), typeof words === "string" ? words : `The server answered ${response.status}.`, response.status,
    );
  }
  if (answer === null) {
    throw new DataError("malformed", "The server's answer is not JSON.");
  }
  return Fields.of(answer.data, "data");
}

interface Answer {
  readonly data?: unknown;
  /** What answers before GraphQL is asked. */
  readonly error?: { readonly message?: unknown };
  readonly errors?: readonly { readonly message?: unknown; readonly extensions?: { readonly code?: unknown } }[];
}

/** Null for what is no JSON. */
async function answerOf(response: Response, signal: AbortSignal | undefined): Promise<Answer | null> {
  try {
    return (await response.json()) as Answer;
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

/** @param code what the server's errors carry for programs: an answer that has one has status 200. */
function reason(code: unknown, status: number): DataErrorReason {
  switch (code) {
    case "NOT_FOUND":
      return "notFound";
    case "FORBIDDEN":
      return "unauthorized";
    case "UNAVAILABLE":
      return "unavailable";
  }
  if (status === 401 || status === 403) {
    return "unauthorized";
  }
  return status >= 500 || status === 429 ? "unavailable" : "refused";
}
