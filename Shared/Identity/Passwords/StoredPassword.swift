import Domain

/// The password of an account, in whichever form it is stored.
public enum StoredPassword: Sendable {
    case current(PasswordHash)
    case legacy(LegacyPasswordHash)
    /// There is no such account, or it does not sign in by password. To check against it takes as long as against a hash
    /// of today, so that nobody learns by the clock which accounts exist.
    case none
}

/// What became of a check.
public enum PasswordVerdict: Sendable, Equatable {
    case wrong
    case right
    /// Right, and this takes the place of the stored hash, which is weaker than today's.
    case rightButOutdated(replacement: PasswordHash)
}
