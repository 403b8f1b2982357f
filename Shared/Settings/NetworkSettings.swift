/// Where the public ports are and under which URL people reach them.
public struct NetworkSettings: Sendable, Hashable {
    /// Address to listen on; `0.0.0.0` and `::` both mean all addresses.
    public var host: String
    /// Web UI, REST, GraphQL: the front door.
    public var port: Int
    /// OTLP over gRPC.
    public var grpcPort: Int
    /// Empty, or a path that begins with a slash and does not end with one.
    public var rootPath: String
    /// The public URL, root path included, without a slash at the end.
    public var rootURL: String
    /// The project of spans that name none.
    public var defaultProjectName: String
    /// Origins that may call from a browser (CORS); empty when none may.
    public var allowedOrigins: [String]
    /// Lowercase host names that `Origin` and `Referer` may have; empty when that is not restricted.
    public var csrfTrustedHosts: [String]
    public var managementURL: String?
    public var supportEmail: String?

    /// Whether `host` stands for all addresses.
    public static func isEverywhere(_ host: String) -> Bool { host == "0.0.0.0" || host == "::" }
}

extension NetworkSettings {
    init(_ reader: inout SettingsReader, isTLS: Bool) {
        host = reader.host(.host) ?? "0.0.0.0"
        port = reader.port(.port) ?? 6006
        grpcPort = reader.port(.grpcPort) ?? 4317
        rootPath = reader.rootPath(.hostRootPath) ?? ""
        defaultProjectName = Self.projectName(&reader)
        rootURL = Self.rootURL(&reader, host: host, port: port, rootPath: rootPath, isTLS: isTLS)
        allowedOrigins = Self.allowedOrigins(&reader)
        csrfTrustedHosts = Self.trustedHosts(&reader)
        managementURL = reader.url(.managementURL)
        supportEmail = reader.email(.supportEmail)
    }

    private static func projectName(_ reader: inout SettingsReader) -> String {
        let name = (reader.text(.projectName) ?? "default").trimmingSpaces
        if name.isEmpty {
            reader.complain(.projectName, "is only white space", remedy: "set it to a project's name, or to nothing")
        }
        return name
    }

    private static func rootURL(
        _ reader: inout SettingsReader, host: String, port: Int, rootPath: String, isTLS: Bool
    ) -> String {
        if let url = reader.url(.rootURL) { return url }
        let name = isEverywhere(host) ? "localhost" : URLParts.hostInURL(host)
        let url = "\(isTLS ? "https" : "http")://\(name):\(port)\(rootPath)"
        reader.enter(.rootURL, shown: url, derivedFrom: [.host, .port, .hostRootPath])
        return url
    }

    /// As browsers write them: a scheme and an authority, and nothing behind.
    private static func allowedOrigins(_ reader: inout SettingsReader) -> [String] {
        let origins = (reader.text(.allowedOrigins) ?? "").split(separator: ",").map(\.trimmingSpaces)
        return origins.filter { !$0.isEmpty }.compactMap { text in
            var origin = text
            if origin.hasSuffix("/") { origin.removeLast() }
            if origin == "*" || (URLParts(origin) != nil && origin.split(separator: "/").count == 2) { return origin }
            reader.complain(
                .allowedOrigins, "has an entry that is no origin (\(OneLine.quoted(text)))",
                remedy: "set it to origins such as https://tools.example.com, separated by commas, or to *")
            return nil
        }
    }

    private static func trustedHosts(_ reader: inout SettingsReader) -> [String] {
        let origins = (reader.text(.csrfTrustedOrigins) ?? "").split(separator: ",").map(\.trimmingSpaces)
        return origins.filter { !$0.isEmpty }.compactMap { origin in
            if let parts = URLParts(origin) { return parts.host }
            reader.complain(
                .csrfTrustedOrigins, "has an origin without scheme or host (\(OneLine.quoted(origin)))",
                remedy: "set it to origins such as https://phoenix.example.com, separated by commas")
            return nil
        }
    }
}

extension URLParts {
    /// An IPv6 address goes into brackets within a URL (RFC 3986, section 3.2.2).
    static func hostInURL(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
