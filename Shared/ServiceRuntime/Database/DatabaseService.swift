import Database
import Logging
import ServiceLifecycle
import Settings
import Storage

/// Waits for the database, brings it to this release's schema and opens the gate; closes it at the end.
struct DatabaseService: Service {
    private static let pauseMax = Duration.seconds(5)

    let database: Database
    let gate: DatabaseGate
    let settings: DatabaseSettings
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
    private func prepare() async throws {
        var attempt = 0
        while !gate.isOpen {
            do {
                try await attemptToOpen()
            } catch let error as DatabaseError {
                if case .newerSchema = error { throw StartFailure("\(error)", .newerSchema) }
                explain("\(error)", attempt: attempt)
            }
            guard !gate.isOpen else { return }
            try await Task.sleep(for: min(.milliseconds(100) * (1 << min(attempt, 6)), Self.pauseMax))
            attempt += 1
        }
    }

    private func attemptToOpen() async throws {
        let migrator = Migrator(
            database: database, migrations: allMigrations, logger: logger.forMigrations(settings))
        // Looks first: applying takes the writer's turn, which others may be using.
        let status = try await migrator.status()
        if let newer = status.last, !newer.isKnown {
            throw DatabaseError.newerSchema(found: newer.version, known: migrator.knownVersion)
        }
        let pendingCount = status.count { $0.appliedAt == nil }
        if pendingCount > 0 {
            guard !settings.migrationsDisabled else {
                explain(
                    "\(pendingCount) migrations are pending, and PHOENIX_DANGEROUSLY_DISABLE_MIGRATIONS is set",
                    attempt: 0)
                return
            }
            gate.explain("migrations are being applied")
            try await migrator.migrate()
        }
        gate.open()
    }

    private func explain(_ reason: String, attempt: Int) {
        gate.explain(reason)
        // The first failure is told at once, then one every few seconds: the pauses grow to that by themselves.
        let isWorthALine = attempt == 0 || attempt > 4
        logger.log(
            level: isWorthALine ? .warning : .debug, "the database is not ready; trying again",
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
