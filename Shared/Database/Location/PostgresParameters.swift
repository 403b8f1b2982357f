import CPostgres
import Domain

/// How a Postgres server is reached: libpq's connection parameters by their keywords, and the schema of all tables.
public struct PostgresParameters: Sendable, Equatable {
    /// libpq's keywords and values, but for the secret ones: `host`, `port`, `dbname`, `user`, `sslmode`, …
    public private(set) var values: [String: String]
    public var password: Secret?
    /// What unlocks the client's TLS key.
    public var tlsKeyPassword: Secret?
    /// The schema that all tables are in; nil for the server's own choice, usually `public`. It is made by the
    /// migrations if it is missing.
    public var schema: String?

    /// Throws `DatabaseLocationError` for a keyword that the installed libpq does not know.
    public init(values: [String: String], password: Secret? = nil, schema: String? = nil) throws {
        for keyword in values.keys where !Self.keywords.contains(keyword) {
            throw DatabaseLocationError("`\(keyword)` is not a connection parameter of Postgres")
        }
        self.values = values
        self.password = password ?? values["password"].map(Secret.init)
        tlsKeyPassword = values["sslpassword"].map(Secret.init)
        self.values["password"] = nil
        self.values["sslpassword"] = nil
        self.schema = schema
    }

    /// From the parts that are configured one by one, all taken literally. A `host` of the form `name:port` carries its
    /// own port.
    public init(
        host: String, port: Int = 5432, user: String?, password: Secret?, database: String = "postgres",
        schema: String? = nil
    ) {
        var values = ["host": host, "port": String(port), "dbname": database]
        let pieces = host.split(separator: ":", omittingEmptySubsequences: false)
        if pieces.count == 2, let own = UInt16(pieces[1]), !pieces[0].isEmpty {
            values["host"] = String(pieces[0])
            values["port"] = String(own)
        }
        values["user"] = user
        self.values = values
        self.password = password
        self.schema = schema
    }

    /// What the installed libpq takes.
    static let keywords: Set<String> = {
        var keywords: Set<String> = []
        let options = PQconndefaults()
        defer { PQconninfoFree(options) }
        var next = options
        while let option = next?.pointee, let keyword = option.keyword {
            keywords.insert(String(cString: keyword))
            next = next?.advanced(by: 1)
        }
        return keywords
    }()
}

extension PostgresParameters: CustomStringConvertible {
    /// `postgresql://user@host:port/database`, without any password and the rest of the parameters.
    public var description: String {
        let user = values["user"].map { "\($0)@" } ?? ""
        let host = values["host"] ?? values["hostaddr"] ?? ""
        let port = values["port"].map { ":\($0)" } ?? ""
        return "postgresql://\(user)\(host)\(port)/\(values["dbname"] ?? "")"
    }
}
