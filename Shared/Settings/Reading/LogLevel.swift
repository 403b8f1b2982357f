/// How grave a log line must be to be written: `PHOENIX_LOGGING_LEVEL`.
public enum LogLevel: String, CaseIterable, Sendable {
    case trace, debug, info, notice, warning, error, critical

    static let names = allCases.map(\.rawValue)
}
