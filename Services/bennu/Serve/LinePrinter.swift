import Domain
import Foundation
import Logging
import Observability
import Settings

/// What `bennu serve` writes: the services' lines to standard error, each with whose it is, and its own words to people to
/// standard output.
struct LinePrinter {
    private let mode: ObservabilitySettings.LoggingMode
    private let prefix: LogPrefix
    private let logger: Logger
    private let output = LogOutput.standardError

    init(mode: ObservabilitySettings.LoggingMode, environment: Environment, logger: Logger) {
        self.mode = mode
        self.logger = logger
        prefix = Self.prefix(mode, environment)
    }

    /// Colours are for terminals that have them: `NO_COLOR` (no-color.org) and a missing `TERM` speak against it.
    static func prefix(_ mode: ObservabilitySettings.LoggingMode, _ environment: Environment) -> LogPrefix {
        guard mode == .text else { return LogPrefix(style: .none) }
        let isTerminal = isatty(STDERR_FILENO) == 1
        let hasColors = environment["NO_COLOR"] == nil && !["", "dumb"].contains(environment["TERM"] ?? "")
        return LogPrefix(style: isTerminal && hasColors ? .colored : .plain)
    }

    func print(_ line: [UInt8], of kind: ServiceKind) {
        output.write(Array(prefix.text(kind).utf8) + line + [UInt8(ascii: "\n")])
    }

    func announce(_ greeting: Greeting) {
        switch mode {
        case .text: LogOutput.standardOutput.write(greeting.text)
        case .structured: logger.info("ready", metadata: greeting.metadata)
        }
    }
}
