import HTTP
import Hummingbird
import ServiceLifecycle

extension ServiceContext {
    /// A port of this host's own that answers `/healthz` and `/readyz`, and 404 with a line of text for everything else, as
    /// Phoenix does below `/auth`. `variable` is what chooses the port.
    public func healthService(host: String, port: Int, variable: String) -> any Service {
        let listener = readiness.listener("http", host: host, port: port)
        return HTTPService(healthResponder(), on: listener, variable: variable, logger: logger)
    }

    /// The same on a public port, which may be encrypted.
    public func publicHealthServices(host: String, port: Int, variable: String) throws -> [any Service] {
        try publicHTTP(healthResponder(), host: host, port: port, variable: variable)
    }

    private func healthResponder() -> some HTTPResponder<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            HeadAnswers()
            CommonHeaders(isEncrypted: certificate != nil)
            ErrorAnswers(
                masksInternalErrors: settings.observability.masksInternalErrors, isPlainText: { _ in true },
                translate: { _ in nil })
        }
        addHealthRoutes(to: router)
        return router.buildResponder()
    }

    /// Adds `/healthz` and `/readyz` as they are for this service.
    public func addHealthRoutes<Context: RequestContext>(to routes: some RouterMethods<Context>) {
        let readiness = readiness
        HealthRoutes { await readiness.obstacle() }.add(to: routes)
    }
}
