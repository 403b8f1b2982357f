import Foundation
import HTTPTypes
import Hummingbird
import Settings

/// The public address that a provider sends people back to.
struct RequestOrigin: Sendable {
    private let configured: String?
    private let rootPath: String
    private let trustedHosts: Set<String>
    private let isTLS: Bool
    private let ownAddress: String

    init(_ settings: Settings) {
        let entry = settings.report.first { $0.variable.name == "PHOENIX_ROOT_URL" }
        configured = entry?.provenance == .environment ? settings.network.rootURL : nil
        rootPath = settings.network.rootPath
        trustedHosts = Set(settings.network.csrfTrustedHosts)
        isTLS = settings.tls.isEnabledForHTTP
        ownAddress = settings.network.rootURL
    }

    /// Root path included: `PHOENIX_ROOT_URL`; else the page that somebody came from, if it is a trusted one; else the address
    /// that the request was sent to.
    func base(of request: Request) -> String? {
        if let known = configured ?? trustedPage(request) { return known }
        let forwarded = request.headers[Self.forwardedHost].map { $0.prefix { $0 != "," } }
        guard let authority = forwarded.map(String.init) ?? request.head.authority, Self.isAuthority(authority) else {
            return nil
        }
        let proto = request.headers[Self.forwardedProto]?.lowercased()
        let scheme = proto == "https" || proto == "http" ? proto ?? "http" : isTLS ? "https" : "http"
        return "\(scheme)://\(authority)\(rootPath)"
    }

    /// What a link in a mail begins with, root path included: `PHOENIX_ROOT_URL`; else the page that somebody came from, if it
    /// is a trusted one; else the address that follows from the settings. Never what the request says that it was sent
    /// to: who asks for a mail to somebody else may write there whatever they like.
    func linkBase(of request: Request) -> String { configured ?? trustedPage(request) ?? ownAddress }

    private func trustedPage(_ request: Request) -> String? {
        for field in [request.headers[.referer], request.headers[.origin]] {
            guard let page = field.flatMap({ URL(string: $0) }), let host = page.host()?.lowercased(),
                trustedHosts.contains(host), let scheme = page.scheme, ["http", "https"].contains(scheme)
            else { continue }
            return "\(scheme)://\(host)\(page.port.map { ":\($0)" } ?? "")\(rootPath)"
        }
        return nil
    }

    private static let forwardedHost = HTTPField.Name("x-forwarded-host")!
    private static let forwardedProto = HTTPField.Name("x-forwarded-proto")!

    /// A host and perhaps a port, and nothing that could be more than that.
    private static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_", ":", "[", "]": true
                default: false
                }
            }
    }
}
