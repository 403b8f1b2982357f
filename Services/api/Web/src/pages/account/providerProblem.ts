const sentences = new Map(Object.entries({
  unknown_idp: "This way to sign in is not set up here.",
  auth_failed: "Signing in did not succeed. Try again, or ask an administrator whether you may.",
  invalid_state: "Signing in took too long or was begun in another window. Try again.",
  unsafe_return_url: "The address to return to is not one of this application.",
  oauth_error: "The provider could not be asked. Try again in a moment.",
  no_oidc_support: "The provider does not say who you are in the way that is needed here.",
  missing_email_scope: "The provider does not tell your mail address, which is needed here.",
  email_in_use: "An account with your mail address exists already, and signs in another way.",
  sign_in_not_allowed: "You have no account here. Ask an administrator for one.",
}));

/** What to say to a code in the address. It is always a sentence of ours: anybody can write an address. */
export function providerProblem(code: string | null): string | null {
  if (code === null) {
    return null;
  }
  return sentences.get(code) ?? "Signing in did not succeed.";
}
