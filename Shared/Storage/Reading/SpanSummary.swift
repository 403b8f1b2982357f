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

    // The trace is looked up for the rows of the page alone: a join may be made before they are sorted and counted.
    static let columns =
        SpanSkeleton.columns + ", s.trace_rowid, s.project_id, "
        + "(SELECT own.trace_id FROM traces own WHERE own.id = s.trace_rowid), "
        + "s.status_message, s.user_id, s.prompt_cost, s.completion_cost"
    static let source = "spans s"

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
