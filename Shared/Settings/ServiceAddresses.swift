import Domain

/// Where the services listen besides the public ports, and where the front door finds them.
public struct ServiceAddresses: Sendable, Hashable {
    /// OTLP over HTTP, beside the gRPC port.
    public var collectorHTTPPort: Int
    public var authHost: String
    public var authPort: Int
    public var mailerHost: String
    public var mailerPort: Int
    /// Prometheus metrics, where they are enabled.
    public var metricsPort: Int
    /// Without a slash at the end.
    public var authURL: String
    /// Without a slash at the end.
    public var collectorURL: String
    /// Where services on this host reach each other's encrypted ports without encryption: a folder of Unix sockets, closed to
    /// other users. Nil for none.
    public var localSockets: String?
    /// The folder of the browser application; nil to look for it beside the executable.
    public var webRoot: String?

    /// The Unix socket of a service's HTTP port, where there is one.
    public func localSocket(_ kind: ServiceKind) -> String? { localSockets.map { Self.localSocket(kind, in: $0) } }

    public static func localSocket(_ kind: ServiceKind, in folder: String) -> String {
        "\(folder)/\(kind.rawValue).http"
    }

    /// Auth's port can only be reached on this host.
    public var authIsOnLoopback: Bool { Self.isLoopback(authHost) }

    /// Whether a host to listen on can only be reached from this one.
    public static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    /// The host of a URL that reaches a service on this machine: loopback for one that listens everywhere.
    public static func localHost(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "127.0.0.1"
        default: URLParts.hostInURL(host)
        }
    }
}

extension ServiceAddresses {
    init(_ reader: inout SettingsReader, host: String, isTLS: Bool) {
        collectorHTTPPort = reader.port(.collectorHTTPPort) ?? 4318
        authPort = reader.port(.authPort) ?? 6007
        mailerHost = reader.host(.mailerHost) ?? "127.0.0.1"
        mailerPort = reader.port(.mailerPort) ?? 6008
        metricsPort = reader.port(.metricsPort) ?? 9090
        webRoot = reader.path(.webRoot)
        authHost = reader.host(.authHost) ?? host
        reader.enter(.authHost, shown: authHost, derivedFrom: [.host])
        let sockets = reader.path(.localSockets)
        localSockets = sockets
        let url = { (kind: ServiceKind, host: String, port: Int, isTLS: Bool) in
            // Another service's certificate names it as others call it, and that is not loopback.
            if isTLS, let sockets { return Self.url(ofSocket: Self.localSocket(kind, in: sockets)) }
            return "\(isTLS ? "https" : "http")://\(Self.localHost(host)):\(port)"
        }
        authURL = reader.url(.authURL) ?? url(.auth, authHost, authPort, isTLS && !Self.isLoopback(authHost))
        reader.enter(.authURL, shown: authURL, derivedFrom: [.authHost, .authPort])
        collectorURL = reader.url(.collectorURL) ?? url(.collector, host, collectorHTTPPort, isTLS)
        reader.enter(.collectorURL, shown: collectorURL, derivedFrom: [.host, .collectorHTTPPort])
    }

    /// As the HTTP client takes it: the path is where a host would be, percent-encoded (RFC 3986, section 2.1).
    private static func url(ofSocket path: String) -> String {
        path.utf8.reduce(into: "http+unix://") { url, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                url.unicodeScalars.append(UnicodeScalar(byte))
            default: url += "%\(Hex.encode([byte]))"
            }
        }
    }
}
