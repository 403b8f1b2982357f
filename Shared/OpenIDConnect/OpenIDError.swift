/// Why a sign-in through a provider failed. The text is for the log and never holds a token or a secret.
public struct OpenIDError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the sign-in page is told; it has a fixed sentence for each.
    public enum Code: String, Sendable, CaseIterable {
        case unknownProvider = "unknown_idp"
        /// What the provider says is not to be believed, or does not allow the sign-in.
        case failed = "auth_failed"
        case invalidState = "invalid_state"
        case unsafeReturnURL = "unsafe_return_url"
        /// The provider was not reached, or refused the request.
        case provider = "oauth_error"
        /// The provider gave no id token.
        case noIDToken = "no_oidc_support"
        case noEmail = "missing_email_scope"
        case emailInUse = "email_in_use"
        case notAllowed = "sign_in_not_allowed"
    }

    public var code: Code
    public var description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
