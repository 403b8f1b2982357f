import Domain

/// A running service as others find it.
public struct ServiceInstance: Sendable, Hashable {
    /// Chosen anew at every start.
    public var id: String
    public var kind: ServiceKind
    public var version: String
    /// Where it publishes, as ZeroMQ spells addresses.
    public var endpointPublish: String
    /// Where it takes requests, as ZeroMQ spells addresses.
    public var endpointRequest: String
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var startedAt: Int64
    /// Nanoseconds since 1970-01-01T00:00:00Z, by the instance's own clock; told anew every few seconds while it runs.
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

/// Where services of a deployment find each other. Every call may fail or take long; the bus goes on with what it knows.
public protocol ServiceDirectory: Sendable {
    /// Enters an instance, or renews its heartbeat.
    func announce(_ instance: ServiceInstance) async throws
    /// All entries, those of dead instances included.
    func instances() async throws -> [ServiceInstance]
    /// Takes an instance's entry away; does nothing if there is none.
    func withdraw(id: String) async throws
}
