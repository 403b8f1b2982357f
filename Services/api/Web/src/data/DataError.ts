/** Why the server's answer could not be had, in terms that a page can act on. */
export type DataErrorReason =
  /** The server could not be reached. */
  | "unreachable"
  /** It answered that it cannot at the moment; asking again later is right. */
  | "unavailable"
  | "unauthorized"
  | "notFound"
  /** The request was refused; asking again is no use. */
  | "refused"
  /** The answer is not what was agreed on. */
  | "malformed";

export class DataError extends Error {
  constructor(readonly reason: DataErrorReason, message: string, readonly status: number | null = null) {
    super(message);
    this.name = "DataError";
  }

  get isRetryable(): boolean {
    return this.reason === "unreachable" || this.reason === "unavailable";
  }

  static from(error: unknown): DataError {
    return error instanceof DataError ? error : new DataError("malformed", String(error));
  }
}
