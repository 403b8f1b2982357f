import Domain
import HTTPTypes
import Hummingbird

/// Refuses requests that somebody's browser was made to send by a page of another site.
///
/// With a list of trusted hosts (`PHOENIX_CSRF_TRUSTED_ORIGINS`), whatever names a page of another host is refused. Without
/// one, only what could change something with the authority of a cookie is: the browser must say that it comes from our own
/// site (Fetch Metadata, section 2.4), or name our own address as its origin (RFC 6454, section 7). What says neither does
/// not come from a browser. A bearer token is no ambient authority: requests with one pass.
public struct CrossSiteRequests<Context: RequestContext>: RouterMiddleware {
    private let trustedHosts: Set<String>
    private let ownAuthority: String?
    private let needsCookie: Bool

    /// - Parameters:
    ///   - trustedHosts: lowercase host names; empty for no list.
    ///   - rootURL: the public address, where it is known.
    ///   - needsCookie: false where a request without a cookie is worth forging as well, since its answer sets one.
    public init(trustedHosts: [String], rootURL: String?, needsCookie: Bool = true) {
        self.trustedHosts = Set(trustedHosts)
        ownAuthority = rootURL.flatMap { PageOrigin($0)?.authority }
        self.needsCookie = needsCookie
    }

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if !Self.isBearer(request), let refusal = refusal(of: request) {
            context.logger.notice(
                "refused a request of another site",
                metadata: ["reason": "\(refusal)", "method": "\(request.method)", "path": "\(request.uri.path)"])
            throw APIError(.unauthorized, refusal)
        }
        return try await next(request, context)
    }

    private static func isBearer(_ request: Request) -> Bool {
        request.headers[.authorization]?.lowercased().hasPrefix("bearer ") ?? false
    }

    private func refusal(of request: Request) -> String? {
        guard trustedHosts.isEmpty else { return untrusted(request) }
        let isSafe = [.get, .head, .options, .trace].contains(request.method)
        guard !isSafe, !needsCookie || request.headers[.cookie] != nil else { return nil }
        if let site = Self.field("sec-fetch-site", request) {
            return ["same-origin", "same-site", "none"].contains(site) ? nil : "untrusted origin"
        }
        guard let origin = request.headers[.origin] else { return nil }
        return isOwn(origin, request) ? nil : "untrusted origin"
    }

    private func untrusted(_ request: Request) -> String? {
        for (name, field) in [("origin", request.headers[.origin]), ("referer", request.headers[.referer])] {
            guard let field, !field.isEmpty else { continue }
            guard let host = PageOrigin(field)?.host, trustedHosts.contains(host) else { return "untrusted \(name)" }
        }
        return nil
    }

    /// A page cannot choose what its browser writes into these fields.
    private func isOwn(_ origin: String, _ request: Request) -> Bool {
        guard let origin = PageOrigin(origin) else { return false }
        let forwarded = Self.field("x-forwarded-host", request)?.split(separator: ",").first.map(String.init)
        let own = [request.head.authority, forwarded?.trimmingWhitespace(), ownAuthority]
        return own.contains { $0.map { origin.isSame(as: $0) } ?? false }
    }

    private static func field(_ name: String, _ request: Request) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }
}

/// The scheme, host and port that a URL begins with (RFC 3986, section 3.2).
private struct PageOrigin {
    var scheme: String
    /// In lower case, without a port.
    var host: String
    /// With the port, unless it is the scheme's own.
    var authority: String

    init?(_ url: String) {
        guard let end = url.range(of: "://") else { return nil }
        scheme = url[..<end.lowerBound].lowercased()
        let rest = url[end.upperBound...].prefix { !"/?#".contains($0) }
        // What stands before an `@` names no host.
        let place = rest.split(separator: "@", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        guard !place.isEmpty else { return nil }
        authority = Self.withoutUsualPort(place.lowercased(), scheme)
        if place.hasPrefix("["), let close = place.firstIndex(of: "]") {
            host = place[place.index(after: place.startIndex)..<close].lowercased()
        } else {
            host = place.prefix { $0 != ":" }.lowercased()
        }
    }

    func isSame(as other: String) -> Bool { Self.withoutUsualPort(other.lowercased(), scheme) == authority }

    private static func withoutUsualPort(_ authority: String, _ scheme: String) -> String {
        let port = scheme == "https" ? ":443" : ":80"
        return authority.hasSuffix(port) && !authority.hasSuffix(":" + port)
            ? String(authority.dropLast(port.count)) : authority
    }
}
