import ArgumentParser

/// Bennu on one machine, and what an operator does with it.
@main
struct Bennu: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bennu",
        abstract: "A server for the traces of applications of language models.",
        discussion: """
            Everything is configured by environment variables; `bennu config` shows what is in force.

            Exit codes: 0 done, 1 failed, 64 wrong command line, 65 the database belongs to a newer release, \
            69 a port is taken or a file is missing, 78 a setting is wrong.
            """,
        subcommands: [
            ServeCommand.self, MigrateCommand.self, ConfigCommand.self, DoctorCommand.self, MailCommand.self,
            CanaryCommand.self,
            VersionCommand.self,
        ])
}
