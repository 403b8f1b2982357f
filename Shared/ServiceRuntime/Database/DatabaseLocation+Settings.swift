import Database
import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension DatabaseLocation {
    /// Where the settings say that the database is. Throws `StartFailure` for a URL that cannot be used.
    public init(_ settings: DatabaseSettings) throws(StartFailure) {
        switch settings.location {
        case .postgres(let parts):
            self = .postgres(
                PostgresParameters(
                    host: parts.host, port: parts.port, user: parts.user, password: parts.password,
                    database: parts.database, schema: settings.schema))
        case .url(let url):
            do {
                self = try DatabaseLocation(url: url.revealed)
            } catch {
                throw StartFailure("PHOENIX_SQL_DATABASE_URL cannot be used: \(error)", .configuration)
            }
            if case .postgres(var parameters) = self {
                parameters.schema = settings.schema ?? parameters.schema
                self = .postgres(parameters)
            }
        }
    }

    /// Throws `StartFailure` where a SQLite file has no folder to be made in: waiting would not cure that.
    public func checkFolder() throws(StartFailure) {
        guard case .sqlite(let path) = self, path != ":memory:" else { return }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard access(folder, W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw StartFailure(
                "PHOENIX_SQL_DATABASE_URL names a file in \(folder), which cannot be written to (\(reason)); "
                    + "make the folder, or name another", .configuration)
        }
    }
}
