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

    /// Whether it can only be met by spans without a parent, because it says so (`parent_id is None`, `parent_span is None`)
    /// of all that it lets through. False only says that this is not known.
    public var selectsRootSpansOnly: Bool { filter.impliesNoParent }

    /// Whether it can only be met by spans whose id or trace id it names. False only says that this is not known.
    public var selectsByID: Bool { filter.impliesKnownID }

    /// A condition for WHERE on a row of `spans` called `spans`, with parameters from `$firstParameter` on.
    ///
    /// It may be NULL, which is not true. Besides `spans` it reads `traces` and the tables of annotations.
    public func condition(dialect: SQLDialect, spans: String, firstParameter: Int) -> (sql: String, values: [SQLValue])
    {
        filter.condition(dialect: dialect, root: spans, firstParameter: firstParameter)
    }
}

/// A filter of traces, as `num_spans > 10 and any(s.span_kind == 'TOOL' for s in spans)`.
public struct TraceFilter: Sendable {
    /// As it was written.
    public let text: String
    private let filter: Filter

    /// Throws `FilterError` for what is no condition on traces.
    public init(_ text: String) throws(FilterError) {
        self.text = text
        filter = try Filter(text, .trace)
    }

    /// The annotations that it names.
    public var annotations: Set<FilterAnnotation> { filter.annotations }

    /// A condition for WHERE on a row of `traces` called `traces`, with parameters from `$firstParameter` on.
    public func condition(dialect: SQLDialect, traces: String, firstParameter: Int) -> (sql: String, values: [SQLValue])
    {
        filter.condition(dialect: dialect, root: traces, firstParameter: firstParameter)
    }
}

/// A filter of sessions, as `num_traces > 3 and 'refund' in any_input`.
public struct SessionFilter: Sendable {
    /// As it was written.
    public let text: String
    private let filter: Filter

    /// Throws `FilterError` for what is no condition on sessions.
    public init(_ text: String) throws(FilterError) {
        self.text = text
        filter = try Filter(text, .session)
    }

    /// The annotations that it names.
    public var annotations: Set<FilterAnnotation> { filter.annotations }

    /// A condition for WHERE on a row of `project_sessions` called `sessions`, with parameters from `$firstParameter` on.
    public func condition(
        dialect: SQLDialect, sessions: String, firstParameter: Int
    ) -> (sql: String, values: [SQLValue]) {
        filter.condition(dialect: dialect, root: sessions, firstParameter: firstParameter)
    }
}

/// Annotations that a filter names.
public struct FilterAnnotation: Hashable, Sendable {
    public enum Subject: String, CaseIterable, Sendable {
        case span, trace, session
    }

    /// What they are of.
    public let subject: Subject
    public let name: String
}

/// A checked filter of any kind of row.
struct Filter: Sendable {
    let impliesNoParent: Bool
    let impliesKnownID: Bool
    let annotations: Set<FilterAnnotation>
    private let plan: FilterPlan

    init(_ text: String, _ vocabulary: FilterVocabulary) throws(FilterError) {
        let (condition, annotations) = try FilterChecker.check(text, vocabulary)
        self.annotations = annotations
        impliesNoParent = condition.impliesNoParent
        impliesKnownID = condition.impliesKnownID
        plan = FilterPlan(condition)
    }

    func condition(dialect: SQLDialect, root: String, firstParameter: Int) -> (sql: String, values: [SQLValue]) {
        var sql = FilterSQL(dialect: dialect, root: root, firstParameter: firstParameter)
        let text = sql.write(plan)
        return (text, sql.values)
    }
}
