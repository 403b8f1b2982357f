import type { JSONObject, JSONValue } from "../data/types";

/**
 * The value at a dotted key of an attribute tree. Where a node had a value and children, the children stand beside it
 * under dotted keys (`{"a": 1, "a.b": 2}`), so that every way of splitting the key is tried.
 */
export function attribute(attributes: JSONObject, key: string): JSONValue | undefined {
  const direct = attributes[key];
  if (direct !== undefined && Object.prototype.hasOwnProperty.call(attributes, key)) {
    return direct;
  }
  for (let dot = key.indexOf("."); dot >= 0; dot = key.indexOf(".", dot + 1)) {
    const head = attributes[key.slice(0, dot)];
    if (isObject(head)) {
      const found = attribute(head, key.slice(dot + 1));
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

export function textAttribute(attributes: JSONObject, key: string): string | null {
  const value = attribute(attributes, key);
  if (typeof value === "string") {
    return value;
  }
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

export function numberAttribute(attributes: JSONObject, key: string): number | null {
  const value = attribute(attributes, key);
  return typeof value === "number" ? value : null;
}

export function objectAttribute(attributes: JSONObject, key: string): JSONObject | null {
  const value = attribute(attributes, key);
  return isObject(value) ? value : null;
}

/** The objects of a list; those of an object whose keys are all positions count as a list too. */
export function listAttribute(attributes: JSONObject, key: string): readonly JSONObject[] {
  const value = attribute(attributes, key);
  const elements = isArray(value) ? value : isObject(value) ? positions(value) : [];
  return elements.filter(isObject);
}

function positions(object: JSONObject): readonly JSONValue[] {
  const keys = Object.keys(object);
  return keys.every((key) => /^\d+$/.test(key)) ? keys.sort((a, b) => Number(a) - Number(b)).map((key) => object[key]!) : [];
}

export function isObject(value: JSONValue | undefined): value is JSONObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: JSONValue | undefined): value is readonly JSONValue[] {
  return Array.isArray(value);
}

/** The value that JSON text stands for where it is an object or a list; undefined for any other text. */
export function parsedJSON(text: string): JSONObject | readonly JSONValue[] | undefined {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) {
    return undefined;
  }
  try {
    const value = JSON.parse(trimmed) as JSONValue;
    return isObject(value) || isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
