#if canImport(Glibc)
    import Glibc
#endif

/// A TCP socket that listens on every address, IPv4 and IPv6, or on one host's.
///
/// Bound by hand, since gRPC's own listener takes one address of one family, and so that a port in use is known before
/// anything else of the service starts.
enum ListeningSocket {
    struct BindError: Error, CustomStringConvertible {
        let host: String
        let port: Int
        let code: Int32

        var isInUse: Bool { code == EADDRINUSE }
        var description: String { "cannot listen on \(host):\(port): \(String(cString: strerror(code)))" }
    }

    private static let backlog: Int32 = 1024

    /// Returns the descriptor, which the caller owns. `host` is an address or a name; `0.0.0.0` and `::` mean all addresses.
    static func bind(host: String, port: Int) throws -> Int32 {
        let everywhere = host.isEmpty || host == "0.0.0.0" || host == "::"
        // A host without IPv6 refuses `::`; then IPv4 is all there is.
        let candidates = everywhere ? ["::", "0.0.0.0"] : [host]
        var failure = BindError(host: host, port: port, code: EADDRNOTAVAIL)
        for candidate in candidates {
            do {
                return try bindOne(host: candidate, port: port)
            } catch let error as BindError {
                // Named as the caller named it: `::` may be only how all addresses are bound.
                failure = BindError(host: host, port: port, code: error.code)
                if error.isInUse { break }
            }
        }
        throw failure
    }

    private static func bindOne(host: String, port: Int) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw BindError(host: host, port: port, code: EADDRNOTAVAIL)
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(
            address.pointee.ai_family, address.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BindError(host: host, port: port, code: errno) }
        var (yes, no): (Int32, Int32) = (1, 0)
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        if address.pointee.ai_family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &no, size) }
        guard Glibc.bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
            listen(descriptor, backlog) == 0
        else {
            let code = errno
            close(descriptor)
            throw BindError(host: host, port: port, code: code)
        }
        return descriptor
    }
}
