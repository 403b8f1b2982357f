import Hummingbird

/// What orchestrators and load balancers ask: `/healthz` and `/readyz`.
public struct HealthRoutes: Sendable {
    /// Nil if the service can do its work, otherwise why it cannot, for people.
    private let obstacle: @Sendable () async -> String?

    public init(obstacle: @escaping @Sendable () async -> String?) {
        self.obstacle = obstacle
    }

    /// `/healthz` says that the process lives and looks at nothing; `/readyz` says whether it can do its work.
    public func add<Context: RequestContext>(to routes: some RouterMethods<Context>) {
        routes.get("/healthz") { _, _ in Self.alive() }
        routes.head("/healthz") { _, _ in Self.alive() }
        routes.get("/readyz") { [obstacle] _, _ in Self.readiness(await obstacle()) }
        routes.head("/readyz") { [obstacle] _, _ in Self.readiness(await obstacle()) }
    }

    private static func alive() -> Response {
        response(.ok, contentType: "text/plain; charset=utf-8", "OK")
    }

    private static func readiness(_ obstacle: String?) -> Response {
        guard let obstacle else {
            return response(.ok, contentType: "application/json", #"{"status":"ready"}"#)
        }
        var response = response(
            .serviceUnavailable, contentType: "application/json",
            #"{"status":"unavailable","reason":"\#(escaped(obstacle))"}"#)
        response.headers[.retryAfter] = "1"
        return response
    }

    private static func response(_ status: HTTPResponse.Status, contentType: String, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// As it must be within quotes of JSON (RFC 8259, section 7).
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case _ where scalar.value < 0x20: text += " "
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
