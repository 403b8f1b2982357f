import Domain
import HTTPTypes
import Hummingbird

/// Adds what every answer carries: the version that Phoenix's clients check, and what keeps browsers from guessing.
public struct CommonHeaders<Context: RequestContext>: RouterMiddleware {
    // Literals that are valid field names; the type makes them optional all the same.
    private static var fields: [(HTTPField.Name?, String)] {
        [
            (HTTPField.Name("x-phoenix-server-version"), PhoenixVersion.text),
            (HTTPField.Name("x-colab-notebook-cache-control"), "no-cache"),
            (.xContentTypeOptions, "nosniff"),
        ]
    }

    private let isEncrypted: Bool

    /// `isEncrypted`: the port is, so browsers are told never to come without encryption again (RFC 6797).
    public init(isEncrypted: Bool = false) {
        self.isEncrypted = isEncrypted
    }

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for case (let name?, let value) in Self.fields where response.headers[name] == nil {
            response.headers[name] = value
        }
        if isEncrypted, response.headers[.strictTransportSecurity] == nil {
            response.headers[.strictTransportSecurity] = "max-age=31536000"
        }
        return response
    }
}
