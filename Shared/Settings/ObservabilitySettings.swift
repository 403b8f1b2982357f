/// Logs, metrics and what errors tell.
public struct ObservabilitySettings: Sendable, Hashable {
    public enum LoggingMode: String, Sendable {
        /// Lines for people.
        case text = "default"
        /// A JSON object a line.
        case structured
    }

    public var loggingMode: LoggingMode
    public var loggingLevel: LogLevel
    /// Metrics for Prometheus are served.
    public var servesMetrics: Bool
    /// Internal errors tell clients an id and nothing else.
    public var masksInternalErrors: Bool
}

extension ObservabilitySettings {
    init(_ reader: inout SettingsReader) {
        loggingMode = reader.choice(.loggingMode).flatMap(LoggingMode.init) ?? .text
        loggingLevel = reader.choice(.loggingLevel).flatMap(LogLevel.init) ?? .info
        servesMetrics = reader.boolean(.enablePrometheus) ?? false
        masksInternalErrors = reader.boolean(.maskInternalErrors) ?? true
    }
}
