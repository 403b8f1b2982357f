import Domain
import Foundation
import HTTP
import HTTPTypes
import Hummingbird

extension Request {
    private static var bodyBytesMax: Int { 16 << 10 }

    /// The body's JSON; nil for anything else.
    func decodedBody<T: Decodable>(_ type: T.Type) async throws -> T? {
        guard let body = try await collectedBody(upTo: Self.bodyBytesMax) else { return nil }
        return try? JSONDecoder().decode(type, from: Data(body.readableBytesView))
    }

    /// Nil for none and for an empty one.
    func secretCookie(_ name: String) -> Secret? {
        cookies[name].flatMap { $0.value.isEmpty ? nil : Secret($0.value) }
    }

    /// A bearer token (RFC 6750, section 2.1).
    var bearerToken: Secret? {
        let parts = (headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return Secret(String(parts[1].drop { $0 == " " }))
    }
}

extension Response {
    /// 204 with cookies.
    static func noContent(setting cookies: [String] = []) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store"]
        headers.addCookies(cookies)
        return Response(status: .noContent, headers: headers)
    }
}

extension HTTPFields {
    mutating func addCookies(_ cookies: [String]) {
        for cookie in cookies { append(HTTPField(name: .setCookie, value: cookie)) }
    }
}
