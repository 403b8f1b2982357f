import Database

/// The span that stands for a row that is not a span.
enum RootSpan: Hashable, Sendable {
    /// The earliest of a trace that has no parent; where all have one, the earliest whose parent never came.
    case ofTrace
    /// The one without a parent of the earliest trace that has one.
    case ofSession

    /// What stands after FROM, with the condition that finds the span `span` of `row`.
    func source(_ dialect: SQLDialect, _ span: String, of row: String) -> String {
        switch self {
        case .ofTrace: "spans AS \(span) WHERE \(dialect.span(span, hasID: "\(row).root_span_id"))"
        case .ofSession: Self.source(dialect, span, ofSession: row, inOrder: "f_kin.start_time, f_kin.id")
        }
    }

    /// Of the session's first trace in some order.
    static func source(
        _ dialect: SQLDialect, _ span: String, ofSession row: String, inOrder order: String
    ) -> String {
        let id = """
            (SELECT f_kin.root_span_id FROM traces AS f_kin
            WHERE f_kin.session_id = \(row).session_id AND f_kin.root_is_child = 0 ORDER BY \(order) LIMIT 1)
            """
        return "spans AS \(span) WHERE \(dialect.span(span, hasID: id))"
    }
}
