/// A port that a service listens on.
public final class Listener: Sendable, CustomStringConvertible {
    public let protocolName: String
    public let host: String
    public let port: Int
    private let latch = Latch()

    init(protocolName: String, host: String, port: Int) {
        self.protocolName = protocolName
        self.host = host
        self.port = port
    }

    public var isListening: Bool { latch.isOpen }

    /// To be called when the port is open.
    public func bound() {
        latch.open()
    }

    /// Returns when the port is open. Throws `CancellationError`.
    public func wait() async throws {
        try await latch.wait()
    }

    /// As people write it: `0.0.0.0:6007`.
    public var address: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    public var description: String { "\(protocolName) \(address)" }
}
