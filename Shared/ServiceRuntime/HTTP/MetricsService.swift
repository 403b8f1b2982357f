import Hummingbird
import Observability
import ServiceLifecycle

extension ServiceContext {
    /// `/metrics` for Prometheus on a port of its own; nil where that is not asked for.
    func metricsService() -> (any Service)? {
        guard settings.observability.servesMetrics else { return nil }
        let router = Router()
        let registry = metrics
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType],
                body: .init(byteBuffer: ByteBuffer(string: PrometheusText.exposition(of: registry))))
        }
        let listener = readiness.listener(
            "metrics", host: settings.network.host, port: settings.addresses.metricsPort)
        return HTTPService(
            router.buildResponder(), on: listener, variable: "BENNU_METRICS_PORT", logger: logger)
    }
}
