import ArgumentParser
import Database
import Foundation
import Logging
import ServiceRuntime
import Settings

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what is wrong, and say what to do about it.",
        discussion: """
            Looks at settings, disk, database, migrations, ports and running services, and changes none of them. Exit \
            code 0 if nothing has failed (there may be warnings), 1 if something has.
            """)

    @Flag(
        help:
            "Also recount every sum from the spans, and check a SQLite file's structure. Takes long on large databases."
    )
    var thorough = false

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let findings = await examine()
        print(Finding.text(findings), terminator: "")
        if findings.contains(where: { $0.verdict == .bad }) { throw ExitCode(ExitReason.failure.rawValue) }
    }

    private func examine() async -> [Finding] {
        let environment = Environment.process
        let settings: Settings
        do {
            settings = try Settings(environment)
        } catch {
            return error.problems.map { .bad("settings", "\($0)") }
        }
        CommandSupport.bootstrapLogging(settings)
        var logger = Logger(label: "bennu.doctor")
        logger.logLevel = .critical
        let machine = MachineExamination(settings: settings, environment: environment)
        return SettingsExamination.findings(settings) + machine.folders() + machine.ports()
            + (await DatabaseExamination(settings: settings, isThorough: thorough, logger: logger).findings())
    }
}
