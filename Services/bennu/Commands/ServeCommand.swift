import ArgumentParser
import Database
import Domain
import Foundation
import Logging
import ServiceRuntime
import Settings
import Storage

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Start the four services, restart one that dies, and stop them together.",
        discussion: """
            Ctrl-C or SIGTERM stops all of them within ten seconds; a second one at once. They end too when this \
            process is killed.
            """)

    func run() async throws {
        let start = ContinuousClock.now
        try await CommandSupport.reporting {
            let reason = try await Self.serve(start)
            if reason != .success { throw ExitCode(reason.rawValue) }
        }
    }

    private static func serve(_ start: ContinuousClock.Instant) async throws -> ExitReason {
        let environment = Environment.process
        var settings = try Settings(environment)
        try ServerCertificate.check(settings.tls)
        let prefix = LinePrinter.prefix(settings.observability.loggingMode, environment)
        CommandSupport.bootstrapLogging(settings, linePrefix: prefix.text(nil))
        let logger = Logger(label: "bennu.launcher")
        for warning in settings.warnings { logger.warning("\(warning)") }
        try WorkingDirectory.prepare(settings.workingDirectory)

        var plan = ServePlan(settings: settings, environment: environment, executables: try executables())
        try check(plan)
        MemoryFolder.sweep()
        let memory = settings.database.isInMemory ? try MemoryFolder.make() : nil
        defer { memory?.remove() }
        let sockets = settings.tls.isEnabledForHTTP ? try MemoryFolder.make(freeBytes: 0) : nil
        defer { sockets?.remove() }
        if let memory {
            let shared = environment.setting(["PHOENIX_SQL_DATABASE_URL": memory.databaseURL])
            settings = try Settings(shared)
            plan = ServePlan(
                settings: settings, environment: shared, executables: plan.executables, isInMemory: true,
                localSockets: sockets?.path)
        } else {
            plan = ServePlan(
                settings: settings, environment: environment, executables: plan.executables,
                localSockets: sockets?.path)
        }
        try await migrate(settings, logger)
        let printer = LinePrinter(mode: settings.observability.loggingMode, environment: environment, logger: logger)
        // Blocks this thread for as long as the services run; nothing else of this process needs it.
        return ServeLoop(plan: plan, printer: printer, logger: logger, start: start).run()
    }

    /// The folder that this executable, and thus its siblings, are in.
    private static func executables() throws(StartFailure) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw StartFailure("cannot find out where this executable is", .unavailable) }
        let path = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// What would only fail later and less clearly.
    private static func check(_ plan: ServePlan) throws(StartFailure) {
        for kind in ServePlan.kinds where access(plan.executable(kind), X_OK) != 0 {
            throw StartFailure(
                "bennu-\(kind.rawValue) is not beside bennu, in \(plan.executables); install all five together",
                .unavailable)
        }
        try plan.checkPortsDiffer()
        try PortCheck.waitUntilFree(plan.ports)
    }

    /// Once, before four processes would do it at the same time. A database that does not answer is theirs to wait for.
    private static func migrate(_ settings: Settings, _ logger: Logger) async throws {
        guard !settings.database.migrationsDisabled else { return }
        let database = try CommandSupport.database(settings, logger: logger)
        do {
            let logger = logger.forMigrations(settings.database)
            try await Migrator(database: database, migrations: allMigrations, logger: logger).migrate()
        } catch let error as DatabaseError {
            guard error.isRetryable else {
                await database.close()
                throw error
            }
            logger.warning("the database does not answer yet", metadata: ["reason": "\(error)"])
        }
        await database.close()
    }
}
