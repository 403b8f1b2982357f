/// What a route or a field asks of whoever wants it.
public enum Rule: Sendable, Hashable {
    /// Nobody need have signed in: health, sign-in itself, the page.
    case open
    /// Reading: every role.
    case read
    /// Writing: every role but VIEWER.
    case write
    /// Sending spans: as `write`, and with keys that are for nothing else.
    case ingest
    /// ADMIN and SYSTEM; everybody where authentication is off.
    case admin
    /// ADMIN and SYSTEM, and only where authentication is on: there is nobody to manage otherwise.
    case adminOfAccounts
    /// A signed-in person or key, and only where authentication is on; what concerns only themselves.
    case ownAccount
    /// One's own user keys: as `ownAccount`, but for no system API key.
    case ownKeys
    /// Making a user key: a person by their session, so that a key cannot make keys that outlive it.
    case makeUserKey
    /// Making a system key: an admin by their session, or the admin secret.
    case makeSystemKey
}
