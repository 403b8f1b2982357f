import Database

/// A filter of spans, as `span_kind == 'LLM' and latency_ms > 100`: parsed and checked, ready to be a part of a statement.
public struct SpanFilter: Sendable {
    /// As it was written.
    public let text: String
    private let filter: Filter

    /// Throws `FilterError` for what is no condition on spans.
    public init(_ text: String) throws(FilterError) {
        self.text = text
        filter = try Filter(text, .span)
    }

    /// A condition for WHERE on a row of `spans` called `spans`, with parameters from `$firstParameter` on.
    ///
    /// It may be NULL, which is not true. Besides `spans` it reads `traces` and the tables of annotations.
    public func condition(dialect: SQLDialect, spans: String, firstParameter: Int) -> (sql: String, values: [SQLValue])
    {
        filter.condition(dialect: dialect, root: spans, firstParameter: firstParameter)
    }
}

/// A checked filter of any kind of row.
struct Filter: Sendable {
    private let plan: FilterPlan

    init(_ text: String, _ vocabulary: FilterVocabulary) throws(FilterError) {
        plan = FilterPlan(try FilterChecker.check(text, vocabulary))
    }

    func condition(dialect: SQLDialect, root: String, firstParameter: Int) -> (sql: String, values: [SQLValue]) {
        var sql = FilterSQL(dialect: dialect, root: root, firstParameter: firstParameter)
        let text = sql.write(plan)
        return (text, sql.values)
    }
}
