import Database
import Domain

/// A span's columns, without its attributes and events.
public struct SpanSummary: Sendable {
    public var skeleton: SpanSkeleton
    /// The row of its trace.
    public var traceRowID: Int64
    public var projectID: Int64
    public var traceID: TraceID
    public var statusMessage: String
    public var userID: String?
    /// Nano-dollars; nil without a price.
    public var promptCost: Int64?
    public var completionCost: Int64?

    public var id: Int64 { skeleton.id }

    static let columns =
        SpanSkeleton.columns
        + ", s.trace_rowid, s.project_id, t.trace_id, s.status_message, s.user_id, s.prompt_cost, s.completion_cost"
    static let source = "spans s JOIN traces t ON t.id = s.trace_rowid"

    init(_ row: SQLRow) throws {
        let first = SpanSkeleton.columnCount
        guard let traceID = TraceID(bytes: try row.bytes(first + 2)) else {
            throw DatabaseError.failed(sqlState: "XX001", message: "a trace's id has the wrong length")
        }
        skeleton = try SpanSkeleton(row)
        traceRowID = try row.integer(first)
        projectID = try row.integer(first + 1)
        self.traceID = traceID
        statusMessage = try row.text(first + 3)
        userID = try row.optionalText(first + 4)
        promptCost = try row.optionalInteger(first + 5)
        completionCost = try row.optionalInteger(first + 6)
    }
}
