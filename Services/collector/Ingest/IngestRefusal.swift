import Database
import Domain
import OTLP
import Storage

/// Why a request was not taken, with what its sender should do about it. Each protocol says it in its own words.
enum IngestRefusal: Error, Equatable {
    /// The bytes are no request; sending them again will not help.
    case malformed(String)
    /// In a form that is not known here; sending it again will not help.
    case unsupported(String)
    /// Larger than this collector takes; sending it again will not help.
    case tooLarge(bytesMax: Int)
    /// Its bytes come so slowly that it would hold its place for too long.
    case tooSlow
    /// The sender went away, or sent less than it had said.
    case interrupted
    /// Too much is waiting; to be sent again after a pause.
    case overloaded
    /// There is room, but this sender or project holds its share of it; to be sent again after a pause.
    case overShare
    /// The project has sent more than it may in this time; to be sent again after the pause.
    case overQuota(Duration)
    /// The request does not say who makes it.
    case unauthenticated(String)
    /// Who makes it may only read.
    case forbidden
    /// The sender's API key is for this project, and the spans are not.
    case otherProject(String)
    /// Who makes it cannot be looked up at the moment; to be sent again after a pause.
    case credentialsUnavailable
    /// This collector is stopping; another one, or the next, will take it.
    case stopping
    /// The database is away or its answer is unknown; to be sent again after a pause.
    case databaseUnavailable
    /// The database has no room; to be sent again once there is.
    case storageFull
    /// The database is as large as the operator lets it become; whom to ask about it, if anybody is named.
    case capacityReached(contact: String?)
    /// A fault of ours; its cause is in the log.
    case failed

    /// How long a sender should wait; nil where it should not send again.
    var retryDelay: Duration? {
        switch self {
        case .malformed, .unsupported, .tooLarge, .tooSlow, .interrupted, .unauthenticated, .forbidden, .otherProject,
            .failed:
            nil
        case .overloaded, .overShare, .stopping, .credentialsUnavailable: .seconds(1)
        case .overQuota(let pause): pause
        case .databaseUnavailable: .seconds(5)
        case .storageFull, .capacityReached: .seconds(30)
        }
    }

    /// The code of `google.rpc.Status`, which is also gRPC's.
    var rpcCode: Int32 {
        switch self {
        case .malformed, .unsupported, .interrupted: 3
        case .tooSlow: 4
        case .overloaded, .stopping, .databaseUnavailable, .credentialsUnavailable: 14
        case .tooLarge, .storageFull, .overShare, .overQuota, .capacityReached: 8
        case .unauthenticated: 16
        case .forbidden, .otherProject: 7
        case .failed: 13
        }
    }

    /// What the sender is told. Nothing of it comes from the database's own words.
    var message: String {
        switch self {
        case .malformed(let reason), .unsupported(let reason): reason
        case .tooLarge(let bytesMax): "the request is larger than \(bytesMax) bytes"
        case .tooSlow: "the request comes too slowly"
        case .interrupted: "the body ended too early"
        case .overloaded: "too many spans are waiting to be stored; try again"
        case .overShare: "this sender or project has its share of what may wait; try again"
        case .overQuota: "the project has used up its quota; try again"
        case .unauthenticated(let reason): reason
        case .forbidden: "viewers, and keys that may only read, send no spans"
        case .otherProject(let project): "this API key is for the project \(project) only"
        case .credentialsUnavailable: "who sends this cannot be looked up at the moment; try again"
        case .stopping: "the collector is stopping; try again"
        case .databaseUnavailable: "the database cannot be reached; try again"
        case .storageFull: "the database has no room for more spans"
        case .capacityReached(let contact):
            "the database has reached the size that it may have" + (contact.map { "; please contact \($0)" } ?? "")
        case .failed: "an unexpected error occurred"
        }
    }

    /// The label by which refusals are counted.
    var reason: String {
        switch self {
        case .malformed: "malformed"
        case .unsupported: "unsupported"
        case .tooLarge: "too_large"
        case .tooSlow: "too_slow"
        case .interrupted: "interrupted"
        case .overloaded: "queue_full"
        case .overShare: "fair_share"
        case .overQuota: "quota"
        case .unauthenticated: "unauthenticated"
        case .forbidden, .otherProject: "forbidden"
        case .credentialsUnavailable: "credentials_unavailable"
        case .stopping: "stopping"
        case .databaseUnavailable: "database_unavailable"
        case .storageFull: "storage_full"
        case .capacityReached: "capacity"
        case .failed: "internal"
        }
    }

    init(_ error: any Error) {
        switch error {
        case let refusal as IngestRefusal: self = refusal
        case let error as OTLPDecodingError: self = .malformed("\(error)")
        case SpanWriterError.overloaded: self = .overloaded
        case SpanWriterError.overShare: self = .overShare
        case SpanWriterError.stopping: self = .stopping
        case SpanWriterError.slow: self = .databaseUnavailable
        case DatabaseError.diskFull, DatabaseError.readOnly: self = .storageFull
        case let error as DatabaseError where error.isRetryable || error.isOfTheDatabase: self = .databaseUnavailable
        default: self = .failed
        }
    }
}

extension DatabaseError {
    /// The database failed, whatever was asked of it: classes 53 (insufficient resources) and 58 (system error) of SQL
    /// states, which SQLite says too of a full disk that its log's index cannot grow on; and 28 (invalid authorization) and
    /// 3D (invalid catalog), with which a server turns down a connection: a password was changed, say.
    fileprivate var isOfTheDatabase: Bool {
        guard case .failed(let sqlState, _) = self else { return false }
        return ["53", "58", "28", "3D"].contains(sqlState.prefix(2))
    }
}
