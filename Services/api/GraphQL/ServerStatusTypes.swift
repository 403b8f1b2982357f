import GraphQL

/// How the server is.
enum ServerStatusTypes {
    static let part = APISchema.Part(types: [serverStatus, tableStats, query])

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

    private static let tableStats: Object<(name: String, bytes: Int64)> = ObjectType(
        "DbTableStats", description: "How large a table is."
    ) { type in
        type.field("tableName", .nonNull(.string), description: "What it is called.") { $0.name }
        type.field("numBytes", .nonNull(.float), description: "Its bytes, with its indexes.") { Double($0.bytes) }
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
        type.asyncField(
            "dbTableStats", .listOf(.named("DbTableStats")),
            description:
                "How large the database's tables are, the largest first; as of a while ago where that takes long."
        ) { _, field in
            tableStats(try await field.context.repositories.tableSizes.sizes())
        }
    }
}
