import Database
import Domain

/// A running service as others find it.
public struct ServiceInstanceRow: Sendable, Equatable {
    /// Chosen anew at every start.
    public var id: String
    public var kind: ServiceKind
    public var version: String
    public var endpointPublish: String
    public var endpointRequest: String
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var startedAt: Int64
    /// Nanoseconds since 1970-01-01T00:00:00Z; told anew every few seconds while it runs.
    public var heartbeatAt: Int64

    public init(
        id: String, kind: ServiceKind, version: String, endpointPublish: String, endpointRequest: String,
        startedAt: Int64, heartbeatAt: Int64
    ) {
        self.id = id
        self.kind = kind
        self.version = version
        self.endpointPublish = endpointPublish
        self.endpointRequest = endpointRequest
        self.startedAt = startedAt
        self.heartbeatAt = heartbeatAt
    }
}

/// The table `service_instances`, by which services find each other without being configured.
public struct ServiceInstanceRepository: Sendable {
    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Makes the instance's row or renews its heartbeat.
    public func announce(_ instance: ServiceInstanceRow) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO service_instances
                    (id, kind, version, endpoint_publish, endpoint_request, started_at, heartbeat_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (id) DO UPDATE SET
                    endpoint_publish = excluded.endpoint_publish, endpoint_request = excluded.endpoint_request,
                    heartbeat_at = excluded.heartbeat_at
                """,
                [
                    .text(instance.id), .text(instance.kind.rawValue), .text(instance.version),
                    .text(instance.endpointPublish), .text(instance.endpointRequest), .integer(instance.startedAt),
                    .integer(instance.heartbeatAt),
                ])
        }
    }

    /// Every row, those of dead instances included: the reader judges by the heartbeat.
    public func all() async throws -> [ServiceInstanceRow] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT id, kind, version, endpoint_publish, endpoint_request, started_at, heartbeat_at
                FROM service_instances ORDER BY started_at, id
                """
            ).compactMap { row in
                // A newer release may have kinds that this one does not know; it has no business with them.
                guard let kind = ServiceKind(rawValue: try row.text(1)) else { return nil }
                return ServiceInstanceRow(
                    id: try row.text(0), kind: kind, version: try row.text(2), endpointPublish: try row.text(3),
                    endpointRequest: try row.text(4), startedAt: try row.integer(5), heartbeatAt: try row.integer(6))
            }
        }
    }

    /// Takes an instance's row away.
    public func withdraw(id: String) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM service_instances WHERE id = $1", [.text(id)])
        }
    }

    /// Takes away the rows of instances that were last heard of before `time`.
    public func removeSilent(before time: Int64) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM service_instances WHERE heartbeat_at < $1", [.integer(time)])
        }
    }
}
