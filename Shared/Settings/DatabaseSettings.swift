import Domain

/// Which database, and how it is treated.
public struct DatabaseSettings: Sendable, Equatable {
    public enum Location: Sendable, Equatable {
        /// As SQLAlchemy and libpq spell it; it may hold a password.
        case url(Secret)
        case postgres(PostgresParts)
    }

    /// A Postgres server that is configured part by part, all taken literally.
    public struct PostgresParts: Sendable, Equatable {
        /// It may carry `:port`, which then wins.
        public var host: String
        public var port: Int
        public var user: String
        public var password: Secret
        public var database: String
    }

    public var location: Location
    /// As it may be shown: a URL without secrets.
    public var shownLocation: String
    /// The variables that `location` came from.
    public var sources: [String]
    /// The Postgres schema of all tables; nil for the server's own choice.
    public var schema: String?
    /// The schema is left to others; services wait until it is there.
    public var migrationsDisabled: Bool
    public var logsMigrations: Bool

    /// A private database of one deployment, gone with it: `sqlite:///:memory:`.
    public var isInMemory: Bool {
        guard case .url(let url) = location else { return false }
        let text = url.revealed.lowercased()
        return ["sqlite:///:memory:", "sqlite://", "sqlite:///", "sqlite+aiosqlite:///:memory:"].contains(text)
    }
}

extension DatabaseSettings {
    init(_ reader: inout SettingsReader, workingDirectory: String) {
        schema = reader.text(.databaseSchema)
        migrationsDisabled = reader.boolean(.disableMigrations) ?? false
        logsMigrations = reader.boolean(.logMigrations) ?? true
        let parts = Self.parts(&reader)
        if let url = reader.secret(.databaseURL) {
            Self.checkScheme(url, &reader)
            location = .url(url)
            shownLocation = RedactedURL.text(url.revealed)
            sources = [Variable.databaseURL.name]
        } else if let parts {
            location = .postgres(parts)
            let port = parts.host.contains(":") ? "" : ":\(parts.port)"
            shownLocation = "postgresql://\(parts.user)@\(parts.host)\(port)/\(parts.database)"
            sources = Variable.postgresParts.map(\.name)
        } else {
            shownLocation = "sqlite:///\(workingDirectory)/phoenix.db"
            location = .url(Secret(shownLocation))
            sources = [Variable.workingDirectory.name]
        }
        let derivation = sources.compactMap { VariableCatalog.variable(named: $0) }
        reader.enter(.databaseURL, shown: shownLocation, derivedFrom: derivation)
    }

    private static func checkScheme(_ url: Secret, _ reader: inout SettingsReader) {
        let scheme = url.revealed.firstRange(of: "://").map { url.revealed[..<$0.lowerBound].lowercased() } ?? ""
        let known = ["sqlite", "sqlite+aiosqlite", "postgres", "postgresql"]
        guard !known.contains(scheme), !scheme.hasPrefix("postgresql+") else { return }
        reader.complain(
            .databaseURL, "does not begin with a known scheme",
            remedy: "set it to sqlite:///… or postgresql://…")
    }

    /// Nil where the parts are not configured.
    private static func parts(_ reader: inout SettingsReader) -> PostgresParts? {
        let host = reader.text(.postgresHost)
        let port = reader.port(.postgresPort) ?? 5432
        let user = reader.text(.postgresUser)
        let password = reader.secret(.postgresPassword)
        let database = reader.text(.postgresDatabase) ?? "postgres"
        let managedIdentity = [Variable.postgresUseAWSIAM, .postgresUseAzureIdentity].filter {
            reader.boolean($0) == true
        }.first
        guard let host, reader.environment[Variable.databaseURL.name] == nil else { return nil }
        if let managedIdentity {
            // Starting without would try a password that is none.
            reader.complain(
                managedIdentity, "is not served by this release",
                remedy: "set it to false and PHOENIX_POSTGRES_PASSWORD to a password")
            return nil
        }
        guard let user else {
            reader.complain(
                .postgresUser, "is not set", remedy: "PHOENIX_POSTGRES_HOST needs it; set it to a user's name")
            return nil
        }
        guard let password else {
            reader.complain(
                .postgresPassword, "is not set", remedy: "PHOENIX_POSTGRES_HOST needs it; set it to the user's password"
            )
            return nil
        }
        return PostgresParts(host: host, port: port, user: user, password: password, database: database)
    }
}

extension Variable {
    fileprivate static let postgresParts = [postgresHost, postgresPort, postgresUser, postgresDatabase]
}
