import Domain

extension PostgresParameters {
    /// What SQLAlchemy's drivers take in a URL and libpq has no use for: sizes of their caches and the like.
    private static let ignoredParameters: Set<String> = [
        "prepared_statement_cache_size", "prepared_statement_name_func", "statement_cache_size",
        "max_cached_statement_lifetime", "max_cacheable_statement_size", "command_timeout", "async_fallback",
        "server_settings", "direct_tls",
    ]

    /// Other drivers' names for libpq's parameters.
    private static let synonyms = ["database": "dbname", "username": "user", "timeout": "connect_timeout"]

    private static let sslModes: Set<String> = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]

    /// Reads `user:password@host:port,host:port/database?keyword=value&…`, each part percent-encoded or not.
    init(urlAfterScheme rest: Substring) throws {
        let beforeQuery = rest.prefix { $0 != "?" }
        // Not the query first: a password may hold a question mark only if encoded, as libpq wants it too.
        let authority = beforeQuery.prefix { $0 != "/" }
        var values = try Self.hosts(of: authority)
        if let database = beforeQuery.dropFirst(authority.count + 1).nonEmpty {
            values["dbname"] = try Self.decoded(database, "the database's name")
        }
        if let at = authority.lastIndex(of: "@") {
            let pieces = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if let user = pieces[0].nonEmpty { values["user"] = try Self.decoded(user, "the user") }
            if pieces.count > 1, let password = pieces[1].nonEmpty {
                values["password"] = try Self.decoded(password, "the password")
            }
        }
        for parameter in rest.dropFirst(beforeQuery.count + 1).split(separator: "&") {
            guard let (keyword, value) = try Self.parameter(parameter) else { continue }
            values[keyword] = value
        }
        try Self.checkNumbers(values)
        try self.init(values: values)
    }

    /// Several hosts become lists, as libpq wants them: `host=a,b` and `port=1,2`.
    private static func hosts(of authority: Substring) throws -> [String: String] {
        let hosts = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard !hosts.isEmpty else { return [:] }
        var names: [String] = []
        var ports: [String] = []
        for host in hosts.split(separator: ",", omittingEmptySubsequences: false) {
            let (name, port) = try hostAndPort(host)
            names.append(try decoded(name, "the host"))
            ports.append(String(port))
        }
        var values = ["host": names.joined(separator: ",")]
        if ports.contains(where: { !$0.isEmpty }) { values["port"] = ports.joined(separator: ",") }
        if names.allSatisfy(\.isEmpty) { values["host"] = nil }
        return values
    }

    private static func hostAndPort(_ host: Substring) throws -> (Substring, Substring) {
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]") else {
                throw DatabaseLocationError("an IPv6 address lacks its closing bracket")
            }
            let after = host[host.index(after: end)...]
            guard after.isEmpty || after.first == ":" else {
                throw DatabaseLocationError("only a port may follow an IPv6 address")
            }
            return (host[host.index(after: host.startIndex)..<end], after.dropFirst())
        }
        let pieces = host.split(separator: ":", omittingEmptySubsequences: false)
        guard pieces.count <= 2 else {
            throw DatabaseLocationError("a host has more than one colon; an IPv6 address goes into brackets")
        }
        return (pieces[0], pieces.count == 2 ? pieces[1] : "")
    }

    /// Nil for a parameter that means nothing here.
    private static func parameter(_ text: Substring) throws -> (String, String)? {
        guard let equals = text.firstIndex(of: "=") else {
            throw DatabaseLocationError("one of its parameters has no value")
        }
        let name = try decoded(text[..<equals], "a parameter's name")
        let value = try decoded(text[text.index(after: equals)...], "the parameter `\(name)`")
        let keyword = synonyms[name] ?? name
        guard !ignoredParameters.contains(keyword) else { return nil }
        guard keyword != "ssl" else { return ("sslmode", try sslMode(value)) }
        guard keywords.contains(keyword) else {
            throw DatabaseLocationError("`\(keyword)` is not a connection parameter of Postgres")
        }
        guard keyword != "sslmode" || sslModes.contains(value) else {
            throw DatabaseLocationError("`sslmode` must be one of \(sslModes.sorted().joined(separator: ", "))")
        }
        return (keyword, value)
    }

    /// asyncpg's `ssl`, which takes libpq's words as well as truth values.
    private static func sslMode(_ value: String) throws -> String {
        switch value.lowercased() {
        case "true", "1": return "require"
        case "false", "0": return "disable"
        case let mode where sslModes.contains(mode): return mode
        default: throw DatabaseLocationError("`ssl` must be true, false or one of libpq's modes for `sslmode`")
        }
    }

    private static func checkNumbers(_ values: [String: String]) throws {
        for port in (values["port"] ?? "").split(separator: ",") {
            guard let number = UInt16(port), number > 0 else {
                throw DatabaseLocationError("a port must be a number from 1 to 65535")
            }
        }
        if let timeout = values["connect_timeout"] {
            guard Int32(timeout) != nil else {
                throw DatabaseLocationError("`connect_timeout` must be a whole number of seconds")
            }
        }
    }

    private static func decoded(_ text: Substring, _ part: String) throws -> String {
        guard text.contains("%") else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, digits.first != "+", digits.first != "-",
                let value = UInt8(digits, radix: 16), value != 0
            else {
                throw DatabaseLocationError(
                    "\(part) has a percent sign without two hexadecimal digits (write % as %25)")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw DatabaseLocationError("\(part) is not UTF-8")
        }
        return decoded
    }
}

extension Substring {
    fileprivate var nonEmpty: Substring? { isEmpty ? nil : self }
}
