import ArgumentParser
import Database
import Foundation
import Logging
import Observability
import ServiceRuntime
import Settings

/// What the commands have in common.
enum CommandSupport {
    /// Runs `body`; what it throws becomes one line for people and the exit code that goes with it.
    static func reporting(_ body: () async throws -> Void) async throws {
        StandardDescriptors.open()
        do {
            try await body()
        } catch let code as ExitCode {
            throw code
        } catch {
            throw exit(StartFailure(naming: error))
        }
    }

    /// Tells a failure and returns the exit code to throw.
    static func exit(_ failure: StartFailure) -> ExitCode {
        for line in failure.line.split(separator: "\n") { LogOutput.standardError.write("bennu: \(line)\n") }
        return ExitCode(failure.code.rawValue)
    }

    /// A connection for a command that does one thing at a time.
    static func database(_ settings: Settings, logger: Logger) throws -> Database {
        var options = DatabaseOptions()
        options.applicationName = "bennu"
        options.readerCount = 1
        options.writerCount = 1
        let location = try DatabaseLocation(settings.database)
        // The working folder need not be there yet.
        if access(settings.workingDirectory, F_OK) == 0 { try location.checkFolder() }
        return Database(location, options: options, logger: logger)
    }

    /// Whether the database is a file that nothing has made yet: to open it would make it.
    static func isMissingFile(_ location: DatabaseLocation) -> Bool {
        guard case .sqlite(let path) = location, path != ":memory:" else { return false }
        return !FileManager.default.fileExists(atPath: path)
    }

    /// Logs in the way of the settings, as one of the commands.
    static func bootstrapLogging(_ settings: Settings, linePrefix: String = "") {
        let observability = settings.observability
        LineLogHandler.bootstrap(
            service: "bennu", format: observability.loggingMode == .text ? .text(showsService: false) : .structured,
            level: Logger.Level(observability.loggingLevel), linePrefix: linePrefix)
    }
}

extension StartFailure {
    /// A database that was migrated by a newer release has an exit code of its own.
    init(naming error: any Error) {
        if let error = error as? DatabaseError, case .newerSchema = error {
            self.init("\(error)", .newerSchema)
        } else {
            self.init(error)
        }
    }
}
