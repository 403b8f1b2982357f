/// Somebody whom a provider or a directory vouches for, and what the settings allow them.
public struct ExternalPerson: Sendable, Equatable {
    /// What names them for good, whatever becomes of their mail address.
    public enum Proof: Sendable, Hashable {
        case provider(clientID: String, subject: String)
        /// Without an attribute that tells entries apart the mail address has to.
        case directory(uniqueID: String?)
    }

    public var proof: Proof
    /// In the spelling that accounts have; nil where the directory has none.
    public var email: String?
    /// The provider says that it has not seen that the address is theirs.
    public var isEmailRefuted: Bool
    public var name: String?
    public var picture: String?
    /// Nil where roles are not the matter of who vouches.
    public var role: Role?
    /// Whether the role of an account that is there follows too.
    public var updatesRole: Bool
    public var allowsSignUp: Bool

    public init(
        proof: Proof, email: String?, isEmailRefuted: Bool = false, name: String?, picture: String? = nil,
        role: Role?, updatesRole: Bool, allowsSignUp: Bool
    ) {
        self.proof = proof
        self.email = email
        self.isEmailRefuted = isEmailRefuted
        self.name = name
        self.picture = picture
        self.role = role
        self.updatesRole = updatesRole
        self.allowsSignUp = allowsSignUp
    }
}

/// An account as far as signing in from elsewhere asks.
public struct ExternalAccount: Sendable, Equatable {
    public enum Method: String, Sendable {
        case local = "LOCAL"
        case provider = "OAUTH2"
        case directory = "LDAP"
    }

    public var id: Int64
    public var method: Method
    public var email: String
    public var hasPassword: Bool
    public var role: Role
    /// Of the provider or the directory; nil for an account that an administrator made and nobody has signed in to.
    public var clientID: String?
    public var subject: String?
    public var uniqueID: String?

    public init(
        id: Int64, method: Method, email: String, hasPassword: Bool, role: Role, clientID: String? = nil,
        subject: String? = nil, uniqueID: String? = nil
    ) {
        self.id = id
        self.method = method
        self.email = email
        self.hasPassword = hasPassword
        self.role = role
        self.clientID = clientID
        self.subject = subject
        self.uniqueID = uniqueID
    }
}

/// Why somebody may not sign in, though who vouches for them does.
public enum ExternalRefusal: Error, Sendable, Hashable {
    /// Another account has their mail address.
    case emailInUse
    case notAllowed
}

/// What becomes of the accounts when somebody signs in from elsewhere.
public enum ExternalDecision: Sendable, Equatable {
    /// A new account; without a role it is a viewer's.
    case create(role: Role)
    /// The account is theirs already; a nil role stays as it is.
    case update(ExternalAccount, role: Role?)
    /// An administrator made the account for them; from now on it is bound to their proof.
    case bind(ExternalAccount, role: Role?)

    /// - Parameters:
    ///   - proved: the account that is bound to their proof.
    ///   - addressed: the account that has their mail address.
    public static func decide(
        _ person: ExternalPerson, proved: ExternalAccount?, addressed: ExternalAccount?
    ) throws(ExternalRefusal) -> ExternalDecision {
        let role = person.updatesRole ? person.role.flatMap(assignable) : nil
        if let proved {
            if let addressed, addressed.id != proved.id { throw .emailInUse }
            return .update(proved, role: role)
        }
        if let addressed, try mayBind(person, addressed) { return .bind(addressed, role: role) }
        guard person.allowsSignUp else { throw .notAllowed }
        return .create(role: person.role.flatMap(assignable) ?? .viewer)
    }

    /// Nobody from elsewhere is ever the system.
    private static func assignable(_ role: Role) -> Role? { role == .system ? nil : role }

    /// Whether the account with their address waits for them; throws if it is another's.
    private static func mayBind(
        _ person: ExternalPerson, _ account: ExternalAccount
    ) throws(ExternalRefusal) -> Bool {
        switch person.proof {
        case .provider:
            if person.allowsSignUp { throw .emailInUse }
            let isFree = account.clientID == nil && account.subject == nil
            guard account.method == .provider, !account.hasPassword, isFree, !person.isEmailRefuted else {
                throw .notAllowed
            }
        case .directory(let uniqueID):
            guard account.method == .directory, !account.hasPassword else { throw .emailInUse }
            // Found by the address alone, or not yet bound.
            guard account.uniqueID == nil || account.uniqueID == uniqueID else { throw .emailInUse }
        }
        return true
    }
}

/// The accounts, as signing in from elsewhere needs them.
public protocol ExternalAccounts: Sendable {
    /// Finds, makes or updates the account of somebody who has just been vouched for, in one transaction, and returns its id.
    /// Throws `ExternalRefusal`, or an error of the database's.
    func signIn(_ person: ExternalPerson) async throws -> Int64
}
