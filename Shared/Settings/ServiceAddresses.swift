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
    /// The folder of the browser application; nil to look for it beside the executable.
    public var webRoot: String?

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
    init(_ reader: inout SettingsReader, host: String) {
        collectorHTTPPort = reader.port(.collectorHTTPPort) ?? 4318
        authPort = reader.port(.authPort) ?? 6007
        mailerHost = reader.host(.mailerHost) ?? "127.0.0.1"
        mailerPort = reader.port(.mailerPort) ?? 6008
        metricsPort = reader.port(.metricsPort) ?? 9090
        webRoot = reader.path(.webRoot)
        authHost = reader.host(.authHost) ?? host
        reader.enter(.authHost, shown: authHost, derivedFrom: [.host])
        authURL = reader.url(.authURL) ?? "http://\(Self.localHost(authHost)):\(authPort)"
        reader.enter(.authURL, shown: authURL, derivedFrom: [.authHost, .authPort])
        collectorURL = reader.url(.collectorURL) ?? "http://\(Self.localHost(host)):\(collectorHTTPPort)"
        reader.enter(.collectorURL, shown: collectorURL, derivedFrom: [.host, .collectorHTTPPort])
    }
}
