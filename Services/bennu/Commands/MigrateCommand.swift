import ArgumentParser
import Database
import Domain
import Foundation
import Logging
import ServiceRuntime
import Settings
import Storage

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Show, apply and revert changes of the database's schema.",
        subcommands: [Status.self, Up.self, Down.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every migration and when it was applied. Writes nothing.",
            discussion: "Exit code 0 if nothing is pending, 1 if something is, 65 if a newer release was here.")

        func run() async throws {
            try await MigrateCommand.withDatabase { database, migrator in
                guard !CommandSupport.isMissingFile(database.location) else {
                    print(MigrationTable.text(MigrationTable.allPending), terminator: "")
                    throw ExitCode(ExitReason.failure.rawValue)
                }
                let status = try await migrator.status()
                print(MigrationTable.text(MigrationTable.rows(status)), terminator: "")
                if let newer = status.last, !newer.isKnown {
                    throw DatabaseError.newerSchema(found: newer.version, known: migrator.knownVersion)
                }
                if status.contains(where: { $0.appliedAt == nil }) { throw ExitCode(ExitReason.failure.rawValue) }
            }
        }
    }

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Apply all that is pending.")

        func run() async throws {
            try await MigrateCommand.withDatabase(mayMake: true) { _, migrator in
                let count = try await migrator.migrate()
                print(count == 0 ? "nothing was pending" : "applied \(count), now at version \(migrator.knownVersion)")
            }
        }
    }

    struct Down: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revert the last migrations, and lose the data that only they have a place for.",
            discussion: "Stop all services first: they need the schema of their release.")

        @Option(help: "How many to revert.")
        var steps = 1

        @Flag(help: "Do it without asking.")
        var yes = false

        func validate() throws {
            guard steps > 0 else { throw ValidationError("--steps must be 1 or more") }
        }

        func run() async throws {
            try await MigrateCommand.withDatabase { database, migrator in
                guard !CommandSupport.isMissingFile(database.location) else { return print("nothing is applied") }
                let applied = try await migrator.status().filter { $0.appliedAt != nil }
                let doomed = applied.suffix(steps)
                guard !doomed.isEmpty else { return print("nothing is applied") }
                try confirm(doomed.map { "\($0.version) (\($0.name))" }, in: database.location)
                let count = try await migrator.revert(steps: steps)
                print("reverted \(count), now at version \(applied.count - count)")
            }
        }

        private func confirm(_ migrations: [String], in location: DatabaseLocation) throws {
            guard !yes else { return }
            let question = "Revert \(migrations.joined(separator: ", ")) in \(location), and lose what is in it?"
            guard isatty(STDIN_FILENO) == 1 else {
                throw StartFailure("\(question) Say so with --yes", .usage)
            }
            print("\(question) [y/N] ", terminator: "")
            guard readLine()?.lowercased() == "y" else { throw StartFailure("nothing was changed", .failure) }
        }
    }

    /// `mayMake` lets the working folder be made, as a start would.
    private static func withDatabase(
        mayMake: Bool = false, _ body: (Database, Migrator) async throws -> Void
    ) async throws {
        try await CommandSupport.reporting {
            let settings = try Settings(.process)
            CommandSupport.bootstrapLogging(settings)
            let logger = Logger(label: "bennu.migrate").forMigrations(settings.database)
            guard !settings.database.isInMemory else {
                throw StartFailure(
                    "PHOENIX_SQL_DATABASE_URL is a database in memory, which is gone when nothing runs", .configuration)
            }
            if mayMake { try WorkingDirectory.prepare(settings.workingDirectory) }
            let database = try CommandSupport.database(settings, logger: logger)
            let migrator = Migrator(database: database, migrations: allMigrations, logger: logger)
            do {
                try await body(database, migrator)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
        }
    }
}
