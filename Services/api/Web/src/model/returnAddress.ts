/**
 * Where to go after signing in: a path of this application that the address bar asked for. Anything that could lead to
 * another site is not followed.
 */
export function returnPath(wanted: string | null): string {
  if (wanted === null || !/^\/(\w.*)?$/.test(wanted) || wanted.includes("\\")) {
    return "/";
  }
  return /^\/(login|logout)(\/|\?|$)/.test(wanted) ? "/" : wanted;
}
