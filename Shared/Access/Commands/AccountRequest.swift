import Messaging
import Storage

/// Asks auth to change accounts or keys. Auth decides once more whether whoever asks may.
///
/// Passwords are in it as they are, for buses are encrypted; what holds one prints as its type's name.
public struct AccountRequest: BusRequest {
    public static let topic = "account-request"
    public static let version = 1

    public typealias Reply = AccountReply

    public var actor: Principal
    public var command: AccountCommand

    public init(actor: Principal, command: AccountCommand) {
        self.actor = actor
        self.command = command
    }
}

/// What can be done with accounts and keys.
public enum AccountCommand: Codable, Sendable {
    case createUser(NewUser)
    case patchUser(UserPatch)
    /// One's own account.
    case patchViewer(OwnPatch)
    /// All of them or none.
    case deleteUsers([Int64])
    case createKey(NewKey)
    case deleteKey(id: Int64, isSystem: Bool)

    public struct NewUser: Codable, Sendable, HoldsSecrets {
        public var name: String
        public var email: String
        public var role: Role
        /// `UserRecord.Method`: `LOCAL`, `OAUTH2` or `LDAP`.
        public var method: String
        public var password: String?
        public var oauth2ClientID: String?
        public var oauth2UserID: String?
        public var isWelcomed: Bool

        public init(
            name: String, email: String, role: Role, method: String, password: String? = nil,
            oauth2ClientID: String? = nil, oauth2UserID: String? = nil, isWelcomed: Bool
        ) {
            self.name = name
            self.email = email
            self.role = role
            self.method = method
            self.password = password
            self.oauth2ClientID = oauth2ClientID
            self.oauth2UserID = oauth2UserID
            self.isWelcomed = isWelcomed
        }
    }

    /// What is nil stays as it is.
    public struct UserPatch: Codable, Sendable, HoldsSecrets {
        public var id: Int64
        public var name: String?
        public var role: Role?
        public var password: String?

        public init(id: Int64, name: String? = nil, role: Role? = nil, password: String? = nil) {
            self.id = id
            self.name = name
            self.role = role
            self.password = password
        }
    }

    /// What is nil stays as it is.
    public struct OwnPatch: Codable, Sendable, HoldsSecrets {
        public var name: String?
        public var password: String?
        /// Has to be right for a new one to be taken.
        public var currentPassword: String?

        public init(name: String? = nil, password: String? = nil, currentPassword: String? = nil) {
            self.name = name
            self.password = password
            self.currentPassword = currentPassword
        }
    }

    public struct NewKey: Codable, Sendable {
        public var isSystem: Bool
        public var name: String
        public var description: String?
        /// Nanoseconds since 1970.
        public var expiresAt: Int64?
        public var scope: KeyScope.Kind
        /// A row of `projects`.
        public var projectID: Int64?

        public init(
            isSystem: Bool, name: String, description: String? = nil, expiresAt: Int64? = nil,
            scope: KeyScope.Kind = .full, projectID: Int64? = nil
        ) {
            self.isSystem = isSystem
            self.name = name
            self.description = description
            self.expiresAt = expiresAt
            self.scope = scope
            self.projectID = projectID
        }
    }
}

/// What became of a request.
public enum AccountReply: Codable, Sendable, Equatable, HoldsSecrets {
    /// The account was made or changed.
    case user(Int64)
    case done
    /// The key's row, and the token, which is shown this once.
    case key(id: Int64, token: String)
    case refused(AccountRefusal)
}

/// Why something is not done; the message is for whoever asked.
public struct AccountRefusal: Error, Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        case invalid
        case conflict
        case notFound
        case forbidden
        /// The database has no room for it.
        case storageFull
        /// Try again.
        case unavailable
    }

    public var kind: Kind
    public var message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension AccountCommand {
    /// The rule that stands before it.
    public var rule: Rule {
        switch self {
        case .createUser, .patchUser, .deleteUsers: .adminOfAccounts
        case .patchViewer: .ownAccount
        case .createKey(let key): key.isSystem ? .makeSystemKey : .makeUserKey
        case .deleteKey(_, let isSystem): isSystem ? .adminOfAccounts : .ownAccount
        }
    }
}

/// A value with something in it that must not be seen: it prints as its type's name, whoever prints it.
public protocol HoldsSecrets: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension HoldsSecrets {
    public var description: String { "\(Self.self)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
