import Logging

/// How a log line looks.
public enum LogFormat: Sendable {
    /// For people: `2026-07-01T12:00:00.123Z info  collector: message key=value`. The service is left out where somebody
    /// else writes it before the line.
    case text(showsService: Bool)
    /// One JSON object: `time`, `level`, `service`, `message` and the metadata.
    case structured

    func line(_ entry: LogEntry) -> [UInt8] {
        switch self {
        case .text(let showsService): TextLog.line(entry, showsService: showsService)
        case .structured: StructuredLog.line(entry)
        }
    }
}

/// What a line tells.
struct LogEntry {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    var time: Int64
    var level: Logger.Level
    var service: String
    var message: String
    /// Sorted by key.
    var metadata: [(key: String, value: Logger.Metadata.Value)]
}
