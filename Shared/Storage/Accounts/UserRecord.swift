/// An account: a person's, or the system's.
public struct UserRecord: Sendable, Hashable {
    /// How somebody signs in.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// By a password of ours.
        case local = "LOCAL"
        /// Through an OpenID provider.
        case oauth2 = "OAUTH2"
        /// Through a directory.
        case ldap = "LDAP"
    }

    /// A password as it is stored.
    public enum Password: Sendable, Hashable {
        /// `PasswordHash.stored`.
        case current(String)
        /// As Phoenix keeps them: 10,000 rounds of PBKDF2.
        case legacy(salt: [UInt8], hash: [UInt8])
    }

    public var id: Int64
    /// Unique.
    public var name: String
    /// Unique, in lower case.
    public var email: String
    /// `SYSTEM`, `ADMIN`, `MEMBER` or `VIEWER`.
    public var role: String
    public var method: Method
    /// Nil for who does not sign in by password.
    public var password: Password?
    /// They have to choose a new password when they have signed in.
    public var mustResetPassword: Bool
    public var pictureURL: String?
    public var oauth2ClientID: String?
    public var oauth2UserID: String?
    public var ldapUniqueID: String?
    /// Nanoseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64
}

/// What an account is made of.
public struct UserDraft: Sendable, Hashable {
    public var name: String
    /// In lower case.
    public var email: String
    public var role: String
    public var method: UserRecord.Method
    /// `PasswordHash.stored`.
    public var passwordHash: String?
    public var mustResetPassword: Bool
    public var pictureURL: String?
    public var oauth2ClientID: String?
    public var oauth2UserID: String?
    public var ldapUniqueID: String?

    public init(
        name: String, email: String, role: String, method: UserRecord.Method, passwordHash: String? = nil,
        mustResetPassword: Bool = false, pictureURL: String? = nil, oauth2ClientID: String? = nil,
        oauth2UserID: String? = nil, ldapUniqueID: String? = nil
    ) {
        self.name = name
        self.email = email
        self.role = role
        self.method = method
        self.passwordHash = passwordHash
        self.mustResetPassword = mustResetPassword
        self.pictureURL = pictureURL
        self.oauth2ClientID = oauth2ClientID
        self.oauth2UserID = oauth2UserID
        self.ldapUniqueID = ldapUniqueID
    }
}
