/// A database URL without what is secret in it. What is not surely harmless is hidden: a password may be written wrongly.
enum RedactedURL {
    private static let harmlessParameters: Set<String> = [
        "host", "port", "dbname", "user", "sslmode", "sslrootcert", "target_session_attrs", "connect_timeout",
        "application_name",
    ]

    static func text(_ url: String) -> String {
        guard let separator = url.firstRange(of: "://") else { return SettingsEntry.secret }
        let scheme = url[..<separator.upperBound]
        guard !scheme.hasPrefix("sqlite") else { return url }
        var rest = url[separator.upperBound...]
        var user = ""
        // The last one, in the query too: a password may hold an unescaped slash, question mark or at sign.
        if let at = rest.lastIndex(of: "@") {
            rest = rest[rest.index(after: at)...]
            user = "\(SettingsEntry.secret)@"
        }
        let path = rest.prefix { $0 != "?" }
        let query = rest.dropFirst(path.count + 1).split(separator: "&").map(parameter)
        guard isHarmless(path) else { return scheme + SettingsEntry.secret }
        return scheme + user + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    private static func parameter(_ text: Substring) -> String {
        let name = text.prefix { $0 != "=" }
        return harmlessParameters.contains(String(name)) ? String(text) : "\(name)=\(SettingsEntry.secret)"
    }

    /// Hosts, each with a port of digits, and the database's name.
    private static func isHarmless(_ path: Substring) -> Bool {
        let hosts = path.prefix { $0 != "/" }
        let name = path.dropFirst(hosts.count + 1)
        guard !name.contains(where: { $0 == "/" || $0 == ":" }) else { return false }
        return hosts.split(separator: ",").allSatisfy { host in
            let afterAddress = host.lastIndex(of: "]").map { host[$0...].dropFirst() } ?? host
            guard let colon = afterAddress.lastIndex(of: ":") else { return true }
            return afterAddress[afterAddress.index(after: colon)...].allSatisfy(\.isNumber)
        }
    }
}
