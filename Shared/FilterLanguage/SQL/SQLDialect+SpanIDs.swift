import Database

/// How a span is found by the id that its sender gave it. On Postgres `spans` has an index of these; on SQLite they stand in
/// tables of their own, which the view `all_span_ids` puts together (decision 20).
extension SQLDialect {
    /// That `span`, a name for `spans` in a statement, is the span with the id that the expression `id` says.
    public func span(_ span: String, hasID id: String) -> String {
        switch self {
        case .postgres: "\(span).span_id = \(id)"
        case .sqlite: "\(span).id = (SELECT span_rowid FROM all_span_ids WHERE span_id = \(id))"
        }
    }

    /// That `span` is one of the spans with the ids that `list` says, expressions with commas between.
    public func span(_ span: String, hasIDAmong list: String) -> String {
        switch self {
        case .postgres: "\(span).span_id IN (\(list))"
        case .sqlite: "\(span).id IN (SELECT span_rowid FROM all_span_ids WHERE span_id IN (\(list)))"
        }
    }

    /// That there is a span with the id that the expression `id` says; `name` is one that the statement has no use for.
    public func spanExists(withID id: String, as name: String) -> String {
        let table = self == .postgres ? "spans" : "all_span_ids"
        return "EXISTS (SELECT 1 FROM \(table) AS \(name) WHERE \(name).span_id = \(id))"
    }
}
