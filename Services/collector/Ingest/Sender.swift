import Access
import Domain

/// Who sends: whose share of the queue a request counts for.
struct Sender: Sendable, Hashable {
    /// Distinct for each sender; never shown.
    let name: String

    init(_ principal: Principal, address: SenderAddress) {
        switch principal {
        case .anyone: name = "address \(address.text)"
        case .user(_, _, .apiKey(let id, _)), .system(.apiKey(let id, _)): name = "key \(id)"
        case .user(let id, _, .accessToken): name = "user \(id)"
        case .system(.adminSecret): name = "admin secret"
        }
    }
}

/// The address that a request came from, without its port: a sender's connections count together.
struct SenderAddress: Sendable, Hashable {
    let text: String

    /// The connection's own address (nil over a Unix socket), and, where that is this machine's, whom the front door has
    /// named last. Others may write that field too, and are not believed.
    init(ipAddress: String?, forwardedFor: String?) {
        let own = ipAddress.map { String($0.trimmingPrefix("::ffff:")) }
        let isLocal = own.map { $0 == "::1" || $0.hasPrefix("127.") } ?? true
        let named = forwardedFor?.split(separator: ",").last?.trimmingWhitespace()
        text = (isLocal ? named : nil) ?? own ?? "local"
    }

    /// What gRPC says of a peer: `ipv4:10.0.0.7:5317`, `ipv6:[::1]:5317`, `unix:/path`.
    init(grpcPeer: String) {
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
