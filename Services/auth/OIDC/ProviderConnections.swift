import OpenIDConnect
import ServiceLifecycle
import Settings

/// The providers' clients, which share one pool of connections; it is closed when the service stops.
struct ProviderConnections: Service {
    let clients: [String: ProviderClient]
    private let transport = HTTPTransport()

    init(_ settings: [OAuth2Settings]) {
        let transport = transport
        clients = Dictionary(
            uniqueKeysWithValues: settings.map { ($0.id, ProviderClient(settings: $0, transport: transport)) })
    }

    func run() async throws {
        try? await gracefulShutdown()
        await transport.shutdown()
    }
}
