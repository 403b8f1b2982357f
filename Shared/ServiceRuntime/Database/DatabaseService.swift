import Database
import Logging
import ServiceLifecycle
import Settings
import Storage

/// Waits for the database, brings it to this release's schema and opens the gate; closes it at the end.
struct DatabaseService: Service {
    private static let pauseMax = Duration.seconds(1)
    private static let messageInterval = Duration.seconds(5)

    let database: Database
    let gate: DatabaseGate
    let settings: DatabaseSettings
    /// The project of spans that name none, which is there from the first start on; nil for no such care.
    var defaultProject: String?
    let logger: Logger

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await prepare() }
        } catch is CancellationError {
            // Told to stop while waiting: nothing has been written, nothing is left to do.
            return await database.close()
        }
        try? await gracefulShutdown()
        await database.close()
    }

    /// What can heal is waited for; only a database of a newer release ends the process.
    func prepare() async throws {
        var attempt = 0
        var nextMessageAt = ContinuousClock.now
        while true {
            do {
                guard let reason = try await attemptToOpen() else { return gate.open() }
                explain(reason, &nextMessageAt)
            } catch let error as DatabaseError {
                if case .newerSchema = error { throw StartFailure("\(error)", .newerSchema) }
                explain("\(error)", &nextMessageAt)
            }
            try await Task.sleep(for: min(.milliseconds(50) * (1 << min(attempt, 8)), Self.pauseMax))
            attempt += 1
        }
    }

    /// Nil if the database may be used, otherwise what is waited for.
    private func attemptToOpen() async throws -> String? {
        let migrator = Migrator(
            database: database, migrations: allMigrations, logger: logger.forMigrations(settings))
        // Looks first: applying takes the writer's turn, which others may be using.
        let status = try await migrator.status()
        if let newer = status.last, !newer.isKnown {
            throw DatabaseError.newerSchema(found: newer.version, known: migrator.knownVersion)
        }
        let pendingCount = status.count { $0.appliedAt == nil }
        guard pendingCount > 0 else {
            if let defaultProject { try await ProjectRepository(database: database).ensure(defaultProject) }
            return nil
        }
        guard !settings.migrationsDisabled else {
            return "\(pendingCount) migrations are pending, and PHOENIX_DANGEROUSLY_DISABLE_MIGRATIONS is set"
        }
        gate.explain("migrations are being applied")
        try await migrator.migrate()
        return try await attemptToOpen()
    }

    /// The first time at once, then now and then.
    private func explain(_ reason: String, _ nextMessageAt: inout ContinuousClock.Instant) {
        gate.explain(reason)
        guard ContinuousClock.now >= nextMessageAt else { return }
        nextMessageAt = .now + Self.messageInterval
        logger.warning(
            "the database is not ready; trying again",
            metadata: ["reason": "\(reason)", "database": "\(database.location)"])
    }
}

extension Logger {
    /// Says which migrations are applied, unless the settings do not want that.
    public func forMigrations(_ settings: DatabaseSettings) -> Logger {
        var logger = self
        if !settings.logsMigrations { logger.logLevel = max(logger.logLevel, .warning) }
        return logger
    }
}
