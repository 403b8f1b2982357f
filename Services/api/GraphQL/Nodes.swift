import Storage

/// A project as resolvers get it.
struct ProjectNode: Sendable {
    let record: ProjectRecord

    var id: Int64 { record.id }
}

/// A trace as resolvers get it.
struct TraceNode: Sendable {
    let record: TraceRecord

    var id: Int64 { record.id }
}

/// A span as resolvers get it: its columns. What is in its attributes and events is read by the fields that show it.
struct SpanNode: Sendable {
    let record: SpanSummary

    var id: Int64 { record.id }
}

/// A session as resolvers get it.
struct SessionNode: Sendable {
    let record: SessionRecord

    var id: Int64 { record.id }
}
