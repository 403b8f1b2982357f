import Database
import Domain
import Logging
import ServiceRuntime
import Settings
import Storage

/// Looks at the database: whether it answers, what it is, its schema, and who has entered himself there.
struct DatabaseExamination {
    private static let postgresVersionMin = 140_000
    /// Services renew their entry every few seconds.
    private static let silenceMax = Duration.seconds(30)

    let settings: Settings
    let isThorough: Bool
    let logger: Logger

    func findings() async -> [Finding] {
        guard !settings.database.isInMemory else { return [.good("database", "in memory, gone at exit")] }
        let database: Database
        do {
            database = try CommandSupport.database(settings, logger: logger)
        } catch {
            return [.bad("database", "\(error)")]
        }
        guard !CommandSupport.isMissingFile(database.location) else {
            return [.good("database", "\(database.location) is not there yet; the first start makes it")]
        }
        let findings = await examine(database)
        await database.close()
        return findings
    }

    private func examine(_ database: Database) async -> [Finding] {
        do {
            var findings = [try await engine(database)]
            let schema = try await migrations(database)
            findings.append(schema)
            guard schema.verdict == .good else { return findings }
            findings += try await compression(database)
            findings.append(try await services(database))
            if isThorough { findings += try await structure(database) + sums(database) }
            return findings
        } catch {
            return [.bad("database", "\(database.location): \(error)")]
        }
    }

    private func engine(_ database: Database) async throws -> Finding {
        switch database.dialect {
        case .sqlite:
            let version = try await database.read { try $0.query("SELECT sqlite_version()").first?.text(0) ?? "" }
            return .good("database", "SQLite \(version) answers: \(database.location)")
        case .postgres:
            let (number, version) = try await database.read { connection in
                let row = try connection.query(
                    "SELECT current_setting('server_version_num')::bigint, current_setting('server_version')"
                ).first
                return (try row?.integer(0) ?? 0, try row?.text(1) ?? "")
            }
            let text = "Postgres \(version) answers: \(database.location)"
            return number < Self.postgresVersionMin
                ? .bad("database", "\(text); 14 is the oldest that serves") : .good("database", text)
        }
    }

    private func migrations(_ database: Database) async throws -> Finding {
        let migrator = Migrator(database: database, migrations: allMigrations, logger: logger)
        let status = try await migrator.status()
        if let newer = status.last, !newer.isKnown {
            return .bad(
                "schema",
                "version \(newer.version) is of a newer release, this one knows \(migrator.knownVersion); update")
        }
        let pending = status.filter { $0.appliedAt == nil }
        guard !pending.isEmpty else { return .good("schema", "version \(migrator.knownVersion), nothing is pending") }
        return .warning(
            "schema", "\(pending.count) of \(status.count) migrations are pending; the next start applies them")
    }

    /// Without lz4 attributes are compressed at a third of the speed.
    private func compression(_ database: Database) async throws -> [Finding] {
        guard database.dialect == .postgres else { return [] }
        let hasLZ4 = try await database.read { connection in
            try connection.query(
                "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
            ).first?.boolean(0) ?? false
        }
        return [
            hasLZ4
                ? .good("compression", "the server has lz4")
                : .warning("compression", "the server was built without lz4; writing spans takes half as long again")
        ]
    }

    private func services(_ database: Database) async throws -> Finding {
        let rows = try await ServiceInstanceRepository(database: database).all()
        let now = SystemClock.now()
        let silence = Int64(Self.silenceMax / .nanoseconds(1))
        let alive = rows.filter { now - $0.heartbeatAt < silence }
        let counts = ServiceKind.allCases.map { kind in "\(alive.count { $0.kind == kind }) \(kind.rawValue)" }
        let text = alive.isEmpty ? "none run" : "running: \(counts.joined(separator: ", "))"
        let silentCount = rows.count - alive.count
        guard silentCount > 0 else { return .good("services", text) }
        return .warning("services", "\(text); \(silentCount) more have not been heard of lately and will be forgotten")
    }

    private func structure(_ database: Database) async throws -> [Finding] {
        guard database.dialect == .sqlite else { return [] }
        let lines = try await database.read(timeout: .seconds(24 * 3600)) { connection in
            try connection.query("PRAGMA integrity_check").map { try $0.text(0) }
        }
        return [
            lines == ["ok"]
                ? .good("structure", "the file is sound")
                : .bad("structure", "the file is damaged: \(lines.prefix(3).joined(separator: "; ")); restore a copy")
        ]
    }

    private func sums(_ database: Database) async throws -> [Finding] {
        let differences = try await RollupAudit.differences(in: database)
        guard !differences.isEmpty else { return [.good("sums", "all agree with a recount")] }
        return differences.prefix(10).map { .bad("sums", $0) }
    }
}
