import Domain
import Logging

/// Turns log events into lines of one format.
public struct LineLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let service: String
    private let format: LogFormat
    private let linePrefix: [UInt8]
    private let output: LogOutput

    /// `service` names the process in every line; `linePrefix` stands before all lines.
    public init(
        service: String, format: LogFormat, level: Logger.Level, linePrefix: String = "",
        output: LogOutput = .standardError
    ) {
        self.service = service
        self.format = format
        self.linePrefix = Array(linePrefix.utf8)
        self.output = output
        logLevel = level
    }

    /// Makes this the way in which the whole process logs. May be called once.
    public static func bootstrap(service: String, format: LogFormat, level: Logger.Level, linePrefix: String = "") {
        let handler = LineLogHandler(service: service, format: format, level: level, linePrefix: linePrefix)
        LoggingSystem.bootstrap { _ in handler }
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { $1 } }
        if let own = event.metadata { merged.merge(own) { $1 } }
        if let error = event.error { merged["error"] = "\(error)" }
        let entry = LogEntry(
            time: SystemClock.now(), level: event.level, service: service, message: event.message.description,
            metadata: merged.sorted { $0.key < $1.key })
        output.write(linePrefix + format.line(entry))
    }
}
