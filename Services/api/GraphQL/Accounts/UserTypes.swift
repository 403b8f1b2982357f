import Access
import Domain
import GraphQL
import Identity
import Storage

/// People, what they may do, and how they sign in.
enum UserTypes {
    static let part = APISchema.Part(
        types: [user, role, authMethod, roleInput, query] + connection.types,
        nodes: [
            NodeLookup("User") { number, field in
                guard field.context.principal.maySee(userID: number) else { throw UserTypes.adminsOnly }
                return try await field.context.repositories.users.user(.id(number)).map { user($0) }
            },
            NodeLookup("UserRole") { number, _ in Role(number: number).map { role($0) } },
        ])

    static let adminsOnly = GraphQLError(message: DenialReason.adminsOnly.graphQLMessage)

    enum AuthMethod: String, GraphQLEnum, Hashable {
        case local = "LOCAL"
        case oauth2 = "OAUTH2"
        case ldap = "LDAP"
    }

    enum AssignableRole: String, GraphQLEnum, Hashable {
        case admin = "ADMIN"
        case member = "MEMBER"
        case viewer = "VIEWER"

        var role: Role {
            switch self {
            case .admin: .admin
            case .member: .member
            case .viewer: .viewer
            }
        }
    }

    private static let authMethod = EnumType("AuthMethod", AuthMethod.self, description: "How somebody signs in.")
    private static let roleInput = EnumType(
        "UserRoleInput", AssignableRole.self, description: "A role that people can be given.")

    private static let role: Object<Role> = ObjectType(
        "UserRole", description: "What somebody may do.", implements: ["Node"]
    ) { type in
        type.field("id", .nonNull(.id), description: "The role's own id.") { nodeID("UserRole", $0.number) }
        type.field("name", .nonNull(.string), description: "`ADMIN`, `MEMBER`, `VIEWER` or `SYSTEM`.") { $0.rawValue }
    }

    static let user: Object<UserRecord> = ObjectType("User", description: "An account.", implements: ["Node"]) { type in
        type.field("id", .nonNull(.id), description: "The account's own id.") { nodeID("User", $0.id) }
        type.field("username", .nonNull(.string), description: "The name that others see.") { $0.name }
        type.field("profilePictureUrl", .string, description: "Where their picture is.") { $0.pictureURL }
        type.field("createdAt", .nonNull(.named("DateTime")), description: "When the account was made.") {
            dateTime($0.createdAt)
        }
        type.field("authMethod", .nonNull(.named("AuthMethod")), description: "How they sign in.") {
            $0.method.rawValue
        }
        type.field("role", .nonNull(.named("UserRole")), description: "What they may do.") { user in
            Role(rawValue: user.role).map { role($0) } ?? .null
        }
        type.field(
            "passwordNeedsReset", .nonNull(.boolean), description: "Whether they have to choose a new password."
        ) { user, field in
            try field.check(user)
            return user.mustResetPassword
        }
        type.field("email", .string, description: "Their mail address; for themselves and administrators.") {
            user, field -> String? in
            try field.check(user)
            // What stands in for an address that a directory does not have.
            return user.email.hasSuffix("@directory.invalid") ? nil : user.email
        }
        type.batched(
            "apiKeys", .listOf(.named("UserApiKey")), description: "Their keys; for themselves and administrators."
        ) { users, field in
            let keys = try await field.keys(of: users)
            return users.map { user in
                OutputValue.catching {
                    try field.check(user)
                    return APIKeyTypes.userKey(keys[user.id] ?? [])
                }
            }
        }
        type.batched("apiKeyCount", .nonNull(.int), description: "How many keys they have.") { users, field in
            let keys = try await field.keys(of: users)
            return users.map { user in
                OutputValue.catching {
                    try field.check(user)
                    return .int(keys[user.id]?.count ?? 0)
                }
            }
        }
    }

    private static let connection = ConnectionTypes<UserRecord>("User") { user($0) }

    private static let query = Roots.query.extended { type in
        type.asyncField("viewer", .named("User"), description: "Who asks; null where nobody signs in.") { _, field in
            guard let id = field.context.principal.userID else { return OutputValue.null }
            return try await field.context.repositories.users.user(.id(id)).map { user($0) } ?? .null
        }
        type.asyncField(
            "users", .nonNull(.named("UserConnection")), description: "Everybody who has an account.",
            arguments: PageArguments.declared()
        ) { _, field in
            let people = try await field.context.repositories.users.people(limit: Int(Int32.max))
            return connection(try Page(of: people, PageArguments(field.arguments)))
        }
        type.field("userRoles", .listOf(.named("UserRole")), description: "The roles that there are.") { _ in
            OutputValue.list(Role.allCases.filter { $0 != .system }.map { role($0) })
        }
    }
}

extension Role {
    /// As node ids number them.
    fileprivate var number: Int64 {
        switch self {
        case .system: 1
        case .admin: 2
        case .member: 3
        case .viewer: 4
        }
    }

    fileprivate init?(number: Int64) {
        guard let role = Role.allCases.first(where: { $0.number == number }) else { return nil }
        self = role
    }
}

extension Principal {
    /// Whether what is somebody's own may be shown: to themselves and to administrators.
    func maySee(userID: Int64) -> Bool { role.isAdmin || self.userID == userID }
}

extension Field {
    /// Throws where a field of an account is not for who asks.
    fileprivate func check(_ user: UserRecord) throws {
        guard context.principal.maySee(userID: user.id) else { throw UserTypes.adminsOnly }
    }

    fileprivate func keys(of users: [UserRecord]) async throws -> [Int64: [APIKeyNode]] {
        let ids = users.map(\.id).filter { context.principal.maySee(userID: $0) }
        let owners = Dictionary(users.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let keys = try await context.repositories.apiKeys.keys(ofUsers: Array(Set(ids)))
        return Dictionary(grouping: keys.map { APIKeyNode(key: $0, owner: owners[$0.userID]) }, by: \.key.userID)
    }
}
