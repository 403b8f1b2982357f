import Domain
import Logging

/// Brings a database's schema to the version that this release needs, and back.
///
/// Every migration runs in one transaction that takes a lock first and then looks what has been applied, so any number of
/// services may do this at once: each migration runs exactly once, the others wait and say so.
public struct Migrator: Sendable {
    /// What a single migration may take: indexes over many millions of rows need their time.
    private static let migrationTime = Duration.seconds(6 * 3600)
    private static let waitingInterval = Duration.milliseconds(250)
    private static let messageInterval = Duration.seconds(5)

    private let database: Database
    private let migrations: [Migration]
    private let logger: Logger
    private let patience: Duration

    /// `patience` is how long another process' migration is waited for.
    public init(
        database: Database, migrations: [Migration], logger: Logger = Logger(label: "migrations"),
        patience: Duration = .seconds(3600)
    ) {
        let versions = migrations.map(\.version)
        precondition(
            zip(versions, versions.dropFirst()).allSatisfy(<), "migrations stand in the order of their numbers")
        self.database = database
        self.migrations = migrations
        self.logger = logger
        self.patience = patience
    }

    /// The version that this release needs.
    public var knownVersion: Int { migrations.last?.version ?? 0 }

    /// Applies all that is pending and returns how many those were.
    ///
    /// Throws `DatabaseError.newerSchema`, having written nothing, if a newer release has been here.
    @discardableResult
    public func migrate() async throws -> Int {
        try await refuseNewer()
        var count = 0
        while try await applyNext() { count += 1 }
        return count
    }

    /// Takes back the last `steps` migrations, or all if there are fewer, and returns how many those were.
    @discardableResult
    public func revert(steps: Int) async throws -> Int {
        try await refuseNewer()
        var count = 0
        while count < steps, try await revertLast() { count += 1 }
        return count
    }

    /// Every migration, and whether it has been applied. Writes nothing.
    public func status() async throws -> [MigrationStatus] {
        let applied = try await database.read { try AppliedMigration.all(on: $0) }
        let known = migrations.map { migration in
            MigrationStatus(
                version: migration.version, name: migration.name,
                appliedAt: applied.first { $0.version == migration.version }?.appliedAt, isKnown: true)
        }
        let newer = applied.filter { $0.version > knownVersion }.map { migration in
            MigrationStatus(
                version: migration.version, name: migration.name, appliedAt: migration.appliedAt, isKnown: false)
        }
        return known + newer
    }

    /// Whether nothing is pending. Throws `DatabaseError.newerSchema` if a newer release has been here. Writes nothing.
    public func isUpToDate() async throws -> Bool {
        let status = try await status()
        if let newer = status.last(where: { !$0.isKnown }) {
            throw DatabaseError.newerSchema(found: newer.version, known: knownVersion)
        }
        return status.allSatisfy { $0.appliedAt != nil }
    }

    /// Throws `DatabaseError.newerSchema` if a newer release has been here. Writes nothing.
    private func refuseNewer() async throws {
        let known = knownVersion
        try await database.read { connection in
            try Self.refuseNewer(than: known, AppliedMigration.all(on: connection))
        }
    }

    private static func refuseNewer(than known: Int, _ applied: [AppliedMigration]) throws {
        guard let last = applied.map(\.version).max(), last > known else { return }
        throw DatabaseError.newerSchema(found: last, known: known)
    }
}

// MARK: - One step

extension Migrator {
    /// False when nothing is pending.
    private func applyNext() async throws -> Bool {
        let migrations = migrations
        let known = knownVersion
        return try await step { connection in
            try AppliedMigration.createTable(on: connection)
            let applied = try AppliedMigration.all(on: connection)
            try Self.refuseNewer(than: known, applied)
            let versions = Set(applied.map(\.version))
            guard let next = migrations.first(where: { !versions.contains($0.version) }) else { return nil }
            try connection.executeScript(try Self.script(of: next, in: next.up, connection.dialect))
            try AppliedMigration(version: next.version, name: next.name, appliedAt: SystemClock.now())
                .insert(on: connection)
            return "applied migration \(next.version) (\(next.name))"
        }
    }

    /// False when there is none.
    private func revertLast() async throws -> Bool {
        let migrations = migrations
        let known = knownVersion
        return try await step { connection in
            let applied = try AppliedMigration.all(on: connection)
            try Self.refuseNewer(than: known, applied)
            guard let last = applied.map(\.version).max(),
                let migration = migrations.first(where: { $0.version == last })
            else { return nil }
            try connection.executeScript(try Self.script(of: migration, in: migration.down, connection.dialect))
            try AppliedMigration.delete(version: last, on: connection)
            return "reverted migration \(migration.version) (\(migration.name))"
        }
    }

    private static func script(
        of migration: Migration, in scripts: [SQLDialect: String], _ dialect: SQLDialect
    ) throws -> String {
        guard let script = scripts[dialect] else {
            throw DatabaseError.unsupported("migration \(migration.version) has nothing for \(dialect.rawValue)")
        }
        return script
    }

    /// Runs `body` under the lock, waiting for it. `body` returns what it has done, or nil for nothing.
    private func step(_ body: @Sendable @escaping (DatabaseConnection) throws -> String?) async throws -> Bool {
        let giveUpAt = ContinuousClock.now + patience
        var nextMessageAt = ContinuousClock.now + .seconds(1)
        while true {
            let whyWait: String
            switch try await attemptStep(body) {
            case .done(let what):
                logger.info("\(what)")
                return true
            case .nothingToDo: return false
            case .mustWait(let reason): whyWait = reason
            }
            guard ContinuousClock.now < giveUpAt else { throw DatabaseError.timedOut }
            if ContinuousClock.now >= nextMessageAt {
                logger.info("waiting to migrate the database: \(whyWait)")
                nextMessageAt = .now + Self.messageInterval
            }
            try await Task.sleep(for: Self.waitingInterval)
        }
    }

    private enum StepOutcome: Sendable {
        case done(String)
        case nothingToDo
        case mustWait(reason: String)
    }

    private func attemptStep(
        _ body: @Sendable @escaping (DatabaseConnection) throws -> String?
    ) async throws -> StepOutcome {
        let schema = database.location.schema
        do {
            return try await database.write(timeout: Self.migrationTime) { connection in
                guard try MigrationLock.take(on: connection) else {
                    return .mustWait(reason: "another process is migrating it")
                }
                if let schema { try MigrationLock.createSchema(schema, on: connection) }
                return try body(connection).map(StepOutcome.done) ?? .nothingToDo
            }
        } catch DatabaseError.timedOut {
            // On SQLite another process writes; on Postgres a table is in use.
            return .mustWait(reason: "it is in use")
        }
    }
}
