import ServiceRuntime
import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whether a port can be listened on, found out by doing so for a moment.
enum PortCheck {
    /// What the system says, as `errno`; nil if the port is free.
    static func obstacle(host: String, port: Int) -> Int32? {
        // A system without IPv6 has no address for everything but the one of IPv4.
        let isEverywhere = NetworkSettings.isEverywhere(host)
        let code = bindOnce(host: isEverywhere ? "::" : host, port: port)
        let lacksIPv6 = code == EAFNOSUPPORT || code == EADDRNOTAVAIL
        return isEverywhere && lacksIPv6 ? bindOnce(host: "0.0.0.0", port: port) : code
    }

    /// Throws `StartFailure` for the first port that stays taken. Services of a launcher that was just killed are given a
    /// moment to end.
    static func waitUntilFree(_ ports: [ServePlan.Port]) throws(StartFailure) {
        let deadline = ContinuousClock.now + .milliseconds(1_500)
        for port in ports {
            while let code = obstacle(host: port.host, port: port.number) {
                guard code == EADDRINUSE, ContinuousClock.now < deadline else {
                    throw .listening(host: port.host, port: port.number, variable: port.variable, code: code)
                }
                usleep(20_000)
            }
        }
    }

    private static func bindOnce(host: String, port: Int) -> Int32? {
        SocketAddress.resolve(host: host, port: port) { family, address, length in
            let descriptor = Sockets.stream(family)
            guard descriptor >= 0 else { return errno }
            defer { close(descriptor) }
            var yes: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            guard bind(descriptor, address, length) == 0, listen(descriptor, 1) == 0 else { return errno }
            return nil
        }
    }
}

/// Addresses as the system's calls take them.
enum SocketAddress {
    /// Calls `body` with the first address of a host; returns `EADDRNOTAVAIL` if it has none.
    static func resolve(
        host: String, port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32?
    ) -> Int32? {
        var hints = addrinfo()
        hints.ai_socktype = Sockets.streamType
        hints.ai_flags = AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let first = found?.pointee else {
            return EADDRNOTAVAIL
        }
        defer { freeaddrinfo(found) }
        return body(first.ai_family, UnsafePointer(first.ai_addr), first.ai_addrlen)
    }

    /// Calls `body` with the address of a Unix socket; returns `ENAMETOOLONG` if its path is too long for one.
    static func withPath(
        _ path: String, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32?
    ) -> Int32? {
        var address = sockaddr_un()
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return ENAMETOOLONG }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(AF_UNIX, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Sockets that no child inherits.
enum Sockets {
    #if canImport(Glibc)
        static let streamType = Int32(SOCK_STREAM.rawValue)
    #else
        static let streamType = SOCK_STREAM
    #endif

    static func stream(_ family: Int32) -> Int32 {
        let descriptor = socket(family, streamType, 0)
        if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return descriptor
    }
}
