/// Which database: a SQLite file or a Postgres server.
public enum DatabaseLocation: Sendable, Equatable {
    /// `:memory:` is a private database that vanishes when it is closed, seen by one `Database` only.
    case sqlite(path: String)
    case postgres(PostgresParameters)

    /// Reads a URL as SQLAlchemy and libpq spell it: `sqlite:///relative/path`, `sqlite:////absolute/path`,
    /// `sqlite:///:memory:`, `postgresql://user:password@host:port/database?parameters`, also with the names of drivers
    /// (`postgresql+asyncpg://`).
    ///
    /// Throws `DatabaseLocationError`, which says what is wrong without quoting the URL: it may hold a password.
    public init(url: String) throws {
        guard let separator = url.firstRange(of: "://") else {
            throw DatabaseLocationError("it must begin with `sqlite:///` or `postgresql://`")
        }
        let rest = url[separator.upperBound...]
        switch url[..<separator.lowerBound].lowercased() {
        case "sqlite", "sqlite+aiosqlite": self = .sqlite(path: try Self.sqlitePath(rest))
        case "postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg", "postgresql+psycopg2":
            self = .postgres(try PostgresParameters(urlAfterScheme: rest))
        default: throw DatabaseLocationError("its scheme must be `sqlite` or `postgresql`")
        }
    }

    public var dialect: SQLDialect {
        switch self {
        case .sqlite: .sqlite
        case .postgres: .postgres
        }
    }

    /// The Postgres schema that all tables are in, if one was chosen.
    var schema: String? {
        guard case .postgres(let parameters) = self else { return nil }
        return parameters.schema
    }

    /// The path is literal: percent signs and question marks are part of a file's name nowhere else either.
    private static func sqlitePath(_ rest: Substring) throws -> String {
        guard !rest.isEmpty, rest != "/", rest != "/:memory:" else { return ":memory:" }
        guard rest.first == "/" else {
            throw DatabaseLocationError(
                "a SQLite URL has three slashes before a relative path and four before an absolute one")
        }
        guard !rest.contains("?") else { throw DatabaseLocationError("a SQLite URL takes no parameters") }
        return String(rest.dropFirst())
    }
}

extension DatabaseLocation: CustomStringConvertible {
    /// A URL without any password.
    public var description: String {
        switch self {
        case .sqlite(let path): "sqlite:///\(path)"
        case .postgres(let parameters): parameters.description
        }
    }
}

/// Why a database URL cannot be used. Its text never quotes the URL's values, which may be secret.
public struct DatabaseLocationError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
