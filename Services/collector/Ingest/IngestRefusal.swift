import Database
import Domain
import OTLP
import Storage

/// Why a request was not taken, with what its sender should do about it. Each protocol says it in its own words.
enum IngestRefusal: Error, Equatable {
    /// The bytes are no request; sending them again will not help.
    case malformed(String)
    /// Larger than this collector takes; sending it again will not help.
    case tooLarge(bytesMax: Int)
    /// Too much is waiting; to be sent again after a pause.
    case overloaded
    /// This collector is stopping; another one, or the next, will take it.
    case stopping
    /// The database is away or its answer is unknown; to be sent again after a pause.
    case databaseUnavailable
    /// The database has no room; to be sent again once there is.
    case storageFull
    /// A fault of ours; its cause is in the log.
    case failed

    /// How long a sender should wait; nil where it should not send again.
    var retryDelay: Duration? {
        switch self {
        case .malformed, .tooLarge, .failed: nil
        case .overloaded, .stopping: .seconds(1)
        case .databaseUnavailable: .seconds(5)
        case .storageFull: .seconds(30)
        }
    }

    /// What the sender is told. Nothing of it comes from the database's own words.
    var message: String {
        switch self {
        case .malformed(let reason): reason
        case .tooLarge(let bytesMax): "the request is larger than \(bytesMax) bytes"
        case .overloaded: "too many spans are waiting to be stored; try again"
        case .stopping: "the collector is stopping; try again"
        case .databaseUnavailable: "the database cannot be reached; try again"
        case .storageFull: "the database has no room for more spans"
        case .failed: "an unexpected error occurred"
        }
    }

    /// The label by which refusals are counted.
    var reason: String {
        switch self {
        case .malformed: "malformed"
        case .tooLarge: "too_large"
        case .overloaded: "queue_full"
        case .stopping: "stopping"
        case .databaseUnavailable: "database_unavailable"
        case .storageFull: "storage_full"
        case .failed: "internal"
        }
    }

    init(_ error: any Error) {
        switch error {
        case let refusal as IngestRefusal: self = refusal
        case let error as OTLPDecodingError: self = .malformed("\(error)")
        case SpanWriterError.overloaded: self = .overloaded
        case SpanWriterError.stopping: self = .stopping
        case SpanWriterError.slow: self = .databaseUnavailable
        case DatabaseError.diskFull, DatabaseError.readOnly: self = .storageFull
        case let error as DatabaseError where error.isRetryable: self = .databaseUnavailable
        default: self = .failed
        }
    }
}
