const special = "!@#$%^&*()_+";

/** What is wrong with a password, in words for a person; null for nothing. The server has the last word. */
export function passwordProblem(password: string, isStrong: boolean): string | null {
  if (/\s/.test(password)) {
    return "A password has no spaces.";
  }
  if (/[^\x21-\x7e]/.test(password)) {
    return "A password has only letters without accents, digits and signs.";
  }
  if (password.length < (isStrong ? 12 : 4)) {
    return `A password has at least ${isStrong ? 12 : 4} characters.`;
  }
  if (!isStrong) {
    return null;
  }
  const missing = [
    /[0-9]/.test(password) ? null : "a digit",
    /[a-z]/.test(password) ? null : "a small letter",
    /[A-Z]/.test(password) ? null : "a capital letter",
    [...password].some((character) => special.includes(character)) ? null : `one of ${special}`,
  ].filter((piece) => piece !== null);
  return missing.length === 0 ? null : `This password lacks ${missing.join(", ")}.`;
}
