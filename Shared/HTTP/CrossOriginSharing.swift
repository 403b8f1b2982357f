import HTTPTypes
import Hummingbird

/// Lets pages of other origins read answers (WHATWG Fetch, section 3.3: the CORS protocol), as `PHOENIX_ALLOWED_ORIGINS` lists
/// them. Cookies are never asked for on their behalf: such pages come with a bearer token.
///
/// It stands before the router, which has no routes for the questions that browsers ask in advance.
public struct CrossOriginSharing<Responder: HTTPResponder>: HTTPResponder {
    private static var methods: String { "GET, HEAD, POST, PUT, PATCH, DELETE" }
    // What programs look at; browsers show pages nothing else.
    private static var exposed: String { "x-phoenix-server-version, retry-after" }

    private let origins: Set<String>
    private let responder: Responder

    /// - Parameter origins: such as `https://tools.example.com`, or `*` for all of them; empty for none.
    public init(allowing origins: [String], before responder: Responder) {
        self.origins = Set(origins.map { $0.lowercased() })
        self.responder = responder
    }

    public func respond(to request: Request, context: Responder.Context) async throws -> Response {
        guard !origins.isEmpty, let origin = request.headers[.origin] else {
            return try await responder.respond(to: request, context: context)
        }
        let isAllowed = origins.contains("*") || origins.contains(origin.lowercased())
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            return preflight(request, origin, isAllowed: isAllowed)
        }
        var response = try await responder.respond(to: request, context: context)
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        if isAllowed {
            response.headers[.accessControlAllowOrigin] = origins.contains("*") ? "*" : origin
            response.headers[.accessControlExposeHeaders] = Self.exposed
        }
        return response
    }

    private func preflight(_ request: Request, _ origin: String, isAllowed: Bool) -> Response {
        var headers: HTTPFields = [.vary: "Origin, Access-Control-Request-Headers"]
        guard isAllowed else { return Response(status: .forbidden, headers: headers) }
        headers[.accessControlAllowOrigin] = origins.contains("*") ? "*" : origin
        headers[.accessControlAllowMethods] = Self.methods
        headers[.accessControlMaxAge] = "600"
        headers[.accessControlAllowHeaders] = request.headers[.accessControlRequestHeaders]
        return Response(status: .noContent, headers: headers)
    }
}
