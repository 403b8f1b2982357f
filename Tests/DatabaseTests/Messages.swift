import Logging
import Synchronization

/// Keeps what was logged.
final class Messages: Sendable {
    private let kept = Mutex<[String]>([])

    /// Message and metadata of each entry.
    var all: [String] { kept.withLock { $0 } }

    func logger() -> Logger {
        Logger(label: "tests") { _ in Handler(messages: self) }
    }

    private struct Handler: LogHandler {
        let messages: Messages
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let values = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted()
            messages.kept.withLock { $0.append(([event.message.description] + values).joined(separator: " ")) }
        }
    }
}
