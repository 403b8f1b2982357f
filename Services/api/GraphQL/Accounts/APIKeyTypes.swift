import Access
import Domain
import GraphQL
import Storage

/// A key, with its owner where that is known already.
struct APIKeyNode: Sendable {
    var key: APIKeyRecord
    var owner: UserRecord?
}

/// API keys. None of them shows its token: that is told once, to who makes it.
enum APIKeyTypes {
    static let part = APISchema.Part(
        types: [apiKey, userKey, systemKey, query],
        nodes: [
            NodeLookup("UserApiKey") { number, field in
                let key = try await field.context.repositories.apiKeys.key(id: number, of: .anyPerson)
                return key.flatMap { key in
                    field.context.principal.maySee(userID: key.userID) ? userKey(APIKeyNode(key: key)) : nil
                }
            },
            NodeLookup("SystemApiKey") { number, field in
                guard field.context.principal.role.isAdmin else { throw UserTypes.adminsOnly }
                return try await field.context.repositories.apiKeys.key(id: number, of: .system).map {
                    systemKey(APIKeyNode(key: $0))
                }
            },
        ])

    private static let apiKey = InterfaceType(
        "ApiKey", description: "What programs sign in with.",
        fields: [
            .field("name", .nonNull(.string), description: "What its owner calls it."),
            .field("description", .string, description: "What it is for."),
            .field("createdAt", .nonNull(.named("DateTime")), description: "When it was made."),
            .field("expiresAt", .named("DateTime"), description: "From when on it is worth nothing; null for never."),
        ])

    private static func addFields(_ typeName: String, to type: inout Object<APIKeyNode>.Fields) {
        type.field("id", .nonNull(.id), description: "The key's own id.") { nodeID(typeName, $0.key.id) }
        type.field("name", .nonNull(.string), description: "What its owner calls it.") { $0.key.name }
        type.field("description", .string, description: "What it is for.") { $0.key.description }
        type.field("createdAt", .nonNull(.named("DateTime")), description: "When it was made.") {
            dateTime($0.key.createdAt)
        }
        type.field("expiresAt", .named("DateTime"), description: "From when on it is worth nothing; null for never.") {
            dateTime($0.key.expiresAt)
        }
    }

    static let userKey: Object<APIKeyNode> = ObjectType(
        "UserApiKey", description: "A person's key.", implements: ["ApiKey", "Node"]
    ) { type in
        addFields("UserApiKey", to: &type)
        type.batched("user", .nonNull(.named("User")), description: "Whose it is.") { keys, field in
            let missing = Set(keys.filter { $0.owner == nil }.map(\.key.userID))
            let found = try await field.context.repositories.users.users(ids: Array(missing))
            let byID = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
            return keys.map { UserTypes.user($0.owner ?? byID[$0.key.userID]) }
        }
    }

    static let systemKey: Object<APIKeyNode> = ObjectType(
        "SystemApiKey", description: "A key of the system's, which is nobody's own.", implements: ["ApiKey", "Node"]
    ) { addFields("SystemApiKey", to: &$0) }

    private static let query = Roots.query.extended { type in
        type.asyncField("userApiKeys", .listOf(.named("UserApiKey")), description: "Everybody's keys.") { _, field in
            let keys = try await field.context.repositories.apiKeys.keys(of: .anyPerson)
            return userKey(keys.map { APIKeyNode(key: $0) })
        }
        type.asyncField("systemApiKeys", .listOf(.named("SystemApiKey")), description: "The system's keys.") {
            _, field in
            systemKey(try await field.context.repositories.apiKeys.keys(of: .system).map { APIKeyNode(key: $0) })
        }
    }
}
