import HTTP
import Hummingbird
import ServiceLifecycle

extension ServiceContext {
    /// A port that answers `/healthz` and `/readyz`, and 404 with a line of text for everything else, as Phoenix does
    /// below `/auth`. `variable` is what chooses the port.
    public func healthService(host: String, port: Int, variable: String) throws -> any Service {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            HeadAnswers()
            CommonHeaders(isEncrypted: certificate != nil)
            ErrorAnswers(
                masksInternalErrors: settings.observability.masksInternalErrors, isPlainText: { _ in true },
                translate: { _ in nil })
        }
        addHealthRoutes(to: router)
        let listener = readiness.listener("http", host: host, port: port)
        return HTTPService(
            router.buildResponder(), server: try publicHTTP(), on: listener, variable: variable, logger: logger)
    }

    /// Adds `/healthz` and `/readyz` as they are for this service.
    public func addHealthRoutes<Context: RequestContext>(to routes: some RouterMethods<Context>) {
        let readiness = readiness
        HealthRoutes { await readiness.obstacle() }.add(to: routes)
    }
}
