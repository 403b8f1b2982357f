import Domain

/// Asks an instance whether it is there. Every bus answers it by itself.
public struct Ping: BusRequest {
    public typealias Reply = Pong

    public static let topic = "ping"
    public static let version = 1

    public init() {}
}

/// The answer to a ping.
public struct Pong: Codable, Sendable, Equatable {
    public var kind: ServiceKind
    public var instance: String
    public var version: String
    /// Seconds since the bus started.
    public var uptime: Double

    public init(kind: ServiceKind, instance: String, version: String, uptime: Double) {
        self.kind = kind
        self.instance = instance
        self.version = version
        self.uptime = uptime
    }
}
