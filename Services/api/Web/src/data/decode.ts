import { DataError } from "./DataError";
import { parseInstant } from "../format/time";
import { spanKinds, type Instant, type JSONObject, type JSONValue, type SpanKind, type StatusCode } from "./types";

/** Reads the fields of one JSON object of an answer, and says which one is wrong. */
export class Fields {
  private constructor(private readonly fields: Record<string, unknown>, private readonly path: string) {}

  static of(value: unknown, path: string): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw malformed(path, "an object");
    }
    return new Fields(value as Record<string, unknown>, path);
  }

  text(name: string): string {
    const value = this.fields[name];
    if (typeof value !== "string") {
      throw malformed(`${this.path}.${name}`, "text");
    }
    return value;
  }

  optionalText(name: string): string | null {
    const value = this.fields[name];
    return typeof value === "string" ? value : null;
  }

  number(name: string): number {
    const value = this.optionalNumber(name);
    if (value === null) {
      throw malformed(`${this.path}.${name}`, "a number");
    }
    return value;
  }

  optionalNumber(name: string): number | null {
    const value = this.fields[name];
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  }

  flag(name: string): boolean {
    return this.fields[name] === true;
  }

  instant(name: string): Instant {
    const value = this.optionalInstant(name);
    if (value === null) {
      throw malformed(`${this.path}.${name}`, "a time");
    }
    return value;
  }

  optionalInstant(name: string): Instant | null {
    const value = this.fields[name];
    return typeof value === "string" ? parseInstant(value) : null;
  }

  /** As GraphQL writes it, in lower case. */
  kind(name: string): SpanKind {
    const value = this.optionalText(name)?.toUpperCase();
    return spanKinds.find((kind) => kind === value) ?? "UNKNOWN";
  }

  status(name: string): StatusCode {
    const value = this.fields[name];
    return value === "OK" || value === "ERROR" ? value : "UNSET";
  }

  /** A JSON object; an empty one where it is missing. */
  object(name: string): JSONObject {
    return this.optionalObject(name) ?? {};
  }

  optionalObject(name: string): JSONObject | null {
    const value = this.fields[name] as JSONValue | undefined;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JSONObject) : null;
  }

  /** A text that is a JSON object. */
  objectText(name: string): JSONObject {
    let value: unknown = null;
    try {
      value = JSON.parse(this.text(name));
    } catch (error) {
      if (error instanceof DataError) {
        throw error;
      }
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw malformed(`${this.path}.${name}`, "a JSON object");
    }
    return value as JSONObject;
  }

  nested<Value>(name: string, decode: (fields: Fields) => Value): Value {
    return decode(Fields.of(this.fields[name], `${this.path}.${name}`));
  }

  optionalNested<Value>(name: string, decode: (fields: Fields) => Value): Value | null {
    const value = this.fields[name];
    return value === null || value === undefined ? null : this.nested(name, decode);
  }

  /** The elements of an array; none where it is missing or null. */
  list<Value>(name: string, decode: (fields: Fields) => Value): Value[] {
    const value = this.fields[name];
    if (value === null || value === undefined) {
      return [];
    }
    if (!Array.isArray(value)) {
      throw malformed(`${this.path}.${name}`, "a list");
    }
    return value.map((element, index) => decode(Fields.of(element, `${this.path}.${name}[${index}]`)));
  }
}

function malformed(path: string, expected: string): DataError {
  return new DataError("malformed", `The server's answer has no ${expected} at ${path}.`);
}
