/** One line of a text for a list: runs of white space become one space, cut at `lengthMax` characters. */
export function oneLine(text: string, lengthMax = 400): string {
  // Cut before collapsing: a preview of a megabyte must not cost a megabyte.
  const line = text.slice(0, lengthMax * 2).replace(/\s+/g, " ").trim();
  return line.length > lengthMax ? `${line.slice(0, lengthMax)}…` : line;
}

/** Where `word` lies in `text`, whatever the case; none for an empty word. */
export function occurrences(text: string, word: string, max = 50): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  if (word === "") {
    return found;
  }
  const folded = text.toLowerCase();
  const needle = word.toLowerCase();
  // Lower-casing may change a text's length (İ): then positions would be off, and nothing is marked.
  if (folded.length !== text.length) {
    return found;
  }
  let at = folded.indexOf(needle);
  while (at >= 0 && found.length < max) {
    found.push([at, at + needle.length]);
    at = folded.indexOf(needle, at + needle.length);
  }
  return found;
}

/** The name of a span, or what stands for it where it has none. */
export function nameText(name: string): string {
  return name === "" ? "(no name)" : name;
}

/** A long id in few characters, enough to tell it from its neighbours. */
export function shortId(id: string): string {
  return id.length > 12 ? `${id.slice(0, 8)}…` : id;
}
