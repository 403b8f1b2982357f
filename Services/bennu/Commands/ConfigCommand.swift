import ArgumentParser
import Foundation
import Observability
import ServiceRuntime
import Settings

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show which settings are in force and where each came from.",
        discussion: "Secrets are not shown. Warnings go to standard error.")

    @Flag(help: "As JSON, with the variables that are not set.")
    var json = false

    func run() async throws {
        try await CommandSupport.reporting {
            let settings = try Settings(.process)
            print(
                json ? try SettingsReport.json(settings.report) : SettingsReport.text(settings.report), terminator: "")
            for warning in settings.warnings { LogOutput.standardError.write("bennu: warning: \(warning)\n") }
        }
    }
}
