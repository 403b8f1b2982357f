import Database
import Domain
import FilterLanguage

/// What can be annotated. Each has a table of annotations of its own.
public enum AnnotationSubject: String, Sendable, Hashable, CaseIterable {
    case span
    /// A document of a span, by its position among the span's documents.
    case document
    case trace
    case session

    /// The table of its annotations.
    var table: String { "\(rawValue)_annotations" }

    /// The column of that table that holds the target's row id.
    var targetColumn: String {
        switch self {
        case .span, .document: "span_rowid"
        case .trace: "trace_rowid"
        case .session: "session_rowid"
        }
    }

    /// The table of what is annotated; each of them has a `project_id` and a `start_time`.
    var targetTable: String {
        switch self {
        case .span, .document: "spans"
        case .trace: "traces"
        case .session: "project_sessions"
        }
    }

    /// The column of the target's own id, the one that clients choose.
    var keyColumn: String {
        switch self {
        case .span, .document: "span_id"
        case .trace: "trace_id"
        case .session: "session_id"
        }
    }

    /// The condition that a row of the target's table, called `target`, has one of these own ids.
    func add(
        to conditions: inout SQLConditions, _ keys: some Collection<[UInt8]>, of target: String, _ dialect: SQLDialect
    ) {
        let values = keys.map(keyValue)
        switch self {
        case .span, .document: conditions.addSpan(target, hasIDAmong: values, dialect)
        case .trace, .session: conditions.add("\(target).\(keyColumn)", isOneOf: values)
        }
    }

    /// A target's own id as the engines compare it.
    func keyValue(_ key: [UInt8]) -> SQLValue {
        self == .session ? .text(String(decoding: key, as: UTF8.self)) : .bytes(key)
    }

    /// The target's own id in a row.
    func key(_ row: SQLRow, _ column: Int) throws -> [UInt8] {
        try row.withBytes(column) { Array($0) }
    }
}

/// Which span, trace or session is annotated.
public enum AnnotationTarget: Sendable, Hashable {
    /// By the number of its row.
    case row(Int64)
    /// By its own id: the bytes of a span's or trace's id, or a session's text.
    case key([UInt8])

    public static func span(_ id: SpanID) -> AnnotationTarget { .key(id.bytes) }
    public static func trace(_ id: TraceID) -> AnnotationTarget { .key(id.bytes) }
    public static func session(_ id: String) -> AnnotationTarget { .key(Array(id.utf8)) }
}
