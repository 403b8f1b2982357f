import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// The address that a request came from, without its port: a sender's connections count together.
public struct SenderAddress: Sendable, Hashable {
    public let text: String

    /// The connection's own address (nil over a Unix socket), and, where that is this machine's, whom the front door has
    /// named last. Others may write that field too, and are not believed.
    public init(ipAddress: String?, forwardedFor: String?) {
        let own = ipAddress.map { $0.hasPrefix(Self.mappedPrefix) ? String($0.dropFirst(Self.mappedPrefix.count)) : $0 }
        let isLocal = own.map { $0 == "::1" || $0.hasPrefix("127.") } ?? true
        let named = forwardedFor?.split(separator: ",").last?.trimmingWhitespace()
        text = (isLocal ? named : nil) ?? own ?? "local"
    }

    /// Who is behind the address, where that is to be limited: of an IPv6 address only the first half, since all the rest is
    /// one subscriber's to choose (RFC 6177, section 2).
    public var network: String {
        guard case .v6(let address)? = try? SocketAddress(ipAddress: text, port: 0) else { return text }
        return withUnsafeBytes(of: address.address.sin6_addr) { "\(Hex.encode(Array($0.prefix(8))))::/64" }
    }

    /// What gRPC says of a peer: `ipv4:10.0.0.7:5317`, `ipv6:[::1]:5317`, `unix:/path`.
    public init(grpcPeer: String) {
        guard grpcPeer.hasPrefix("ip"), let colon = grpcPeer.firstIndex(of: ":"),
            let port = grpcPeer.lastIndex(of: ":"), colon < port
        else {
            self.init(ipAddress: nil, forwardedFor: nil)
            return
        }
        let host = grpcPeer[grpcPeer.index(after: colon)..<port].filter { $0 != "[" && $0 != "]" }
        self.init(ipAddress: String(host), forwardedFor: nil)
    }
}

extension Substring {
    fileprivate func trimmingWhitespace() -> String? {
        let trimmed = String(self).trimmingWhitespace()
        return trimmed.isEmpty ? nil : String(trimmed)
    }
}

extension SenderAddress {
    private static let forwardedFor = HTTPField.Name(parsed: "x-forwarded-for")
    /// Of an IPv4 address that is written as an IPv6 one.
    private static let mappedPrefix = "::ffff:"

    /// Whoever sent an HTTP request.
    public init(_ request: Request, _ context: some RemoteAddressRequestContext) {
        self.init(
            ipAddress: context.remoteAddress?.ipAddress,
            forwardedFor: Self.forwardedFor.flatMap { request.headers[$0] })
    }
}
