import GraphQL

/// How the server is.
enum ServerStatusTypes {
    static let part = APISchema.Part(types: [serverStatus, query])

    private struct ServerStatus: Sendable {
        /// Nothing can be written, for the database has no room.
        var hasInsufficientStorage: Bool
    }

    private static let serverStatus: Object<ServerStatus> = ObjectType(
        "ServerStatus", description: "How the server is."
    ) { type in
        type.field("insufficientStorage", .nonNull(.boolean), description: "Whether there is no room for more.") {
            $0.hasInsufficientStorage
        }
    }

    private static let query = Roots.query.extended { type in
        type.asyncField("serverStatus", .nonNull(.named("ServerStatus")), description: "How the server is.") {
            _, field in
            serverStatus(
                ServerStatus(hasInsufficientStorage: try await field.context.repositories.isStorageExhausted()))
        }
        type.asyncField(
            "dbStorageCapacityBytes", .float, description: "The room that the database may take, in bytes."
        ) { _, field in field.context.repositories.storageBytesMax.map(Double.init) }
    }
}
