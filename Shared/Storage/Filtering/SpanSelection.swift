import Database
import FilterLanguage

/// Which spans of a project are wanted, in which order, and which page of them.
public struct SpanSelection: Sendable {
    public enum Roots: Sendable {
        /// Without a parent's id.
        case withoutParent
        /// Without a parent, or with one that was never received.
        case withoutReceivedParent
    }

    public enum Tokens: Sendable {
        case prompt, completion, total
    }

    public enum Sort: Sendable, Hashable {
        /// The one order that an index helps with; for all others the selected spans are sorted for every page.
        case startTime
        case endTime
        case latency
        case name
        case kind
        case status
        case tokens(Tokens)
        /// Of the span and all below it.
        case cumulativeTokens(Tokens)
        /// For prompt and completion.
        case cost
        case cumulativeCost
        /// Of the annotation of this name; of several, the greatest.
        case annotationScore(String)
        case annotationLabel(String)
    }

    public var projectID: Int64
    /// The row of the trace that all of them belong to.
    public var traceRowID: Int64?
    public var filter: SpanFilter?
    /// Of the trace that a span belongs to.
    public var traceFilter: TraceFilter?
    /// Of the session that the trace belongs to.
    public var sessionFilter: SessionFilter?
    /// Nanoseconds since 1970, compared with the span's start; the first is included, the second not.
    public var startTime: Int64?
    public var endTime: Int64?
    public var roots: Roots?
    public var sort = Sort.startTime
    public var descending = true
    /// The row id of the span before the page.
    public var after: Int64?
    /// The row id of the span behind all that the page may have.
    public var before: Int64?
    public var limit: Int

    public init(projectID: Int64, limit: Int) {
        self.projectID = projectID
        self.limit = limit
    }
}

extension SpanSelection {
    /// The conditions on a row of `spans` called `s`, those of the page included where there is one.
    func conditions(_ dialect: SQLDialect) -> SQLConditions {
        var conditions = SQLConditions()
        // The first, `$1`, which is named again below. SQLite takes an order that an index has for better than a few rows
        // found by their ids, unless `+` keeps it from that index.
        let isFoundByID = dialect == .sqlite && filter?.selectsByID == true
        conditions.add("\(isFoundByID ? "+" : "")s.project_id = ?", .integer(projectID))
        if let traceRowID { conditions.add("s.trace_rowid = ?", .integer(traceRowID)) }
        if let startTime { conditions.add("s.start_time >= ?", .integer(startTime)) }
        if let endTime { conditions.add("s.start_time < ?", .integer(endTime)) }
        switch roots {
        case nil: break
        case .withoutParent: conditions.add("s.parent_id IS NULL")
        case .withoutReceivedParent:
            let hasParent = dialect.spanExists(withID: "s.parent_id", as: "p")
            conditions.add("(s.parent_id IS NULL OR NOT \(hasParent))")
        }
        if let traceFilter {
            conditions.add { number in
                let (sql, values) = traceFilter.condition(dialect: dialect, traces: "t", firstParameter: number)
                return (ofTraces("traces AS t", where: sql), values)
            }
        }
        if let sessionFilter {
            conditions.add { number in
                let (sql, values) = sessionFilter.condition(dialect: dialect, sessions: "p", firstParameter: number)
                let traces = "traces AS t JOIN project_sessions AS p ON p.session_id = t.session_id"
                return (ofTraces(traces, where: sql), values)
            }
        }
        if let filter {
            conditions.add { filter.condition(dialect: dialect, spans: "s", firstParameter: $0) }
        }
        return conditions
    }

    /// That the span's trace is one of some.
    ///
    /// A trace has about one root span: for those each trace is looked at when its span's turn comes, until the page is
    /// full. For all spans the project's traces are looked at once, before the first span.
    private func ofTraces(_ traces: String, where condition: String) -> String {
        roots != nil || filter?.selectsRootSpansOnly == true
            ? "EXISTS (SELECT 1 FROM \(traces) WHERE t.id = s.trace_rowid AND \(condition))"
            : "s.trace_rowid IN (SELECT t.id FROM \(traces) WHERE t.project_id = $1 AND \(condition))"
    }

    /// A whole statement for `columns` of `source`, in which the span is called `s`.
    func statement(_ dialect: SQLDialect, columns: String, from source: String) -> (sql: String, values: [SQLValue]) {
        var conditions = conditions(dialect)
        let name = annotationName.map { conditions.addValue(.text($0)) } ?? ""
        let key = key(of: "s", dialect, annotationName: name)
        let (behind, ahead, direction) = descending ? ("<", ">", "DESC") : (">", "<", "ASC")
        for (span, comparison) in [(after, behind), (before, ahead)] {
            guard let span else { continue }
            let other = self.key(of: "c", dialect, annotationName: name)
            conditions.add(
                "(\(key), s.id) \(comparison) (SELECT \(other), c.id FROM spans AS c WHERE c.id = ?)", .integer(span))
        }
        let sql = """
            SELECT \(columns) FROM \(source) WHERE \(conditions.sql)
            ORDER BY \(key) \(direction), s.id \(direction) LIMIT \(limit)
            """
        return (sql, conditions.values)
    }

    private var annotationName: String? {
        switch sort {
        case .annotationScore(let name), .annotationLabel(let name): name
        default: nil
        }
    }

    /// What is sorted by; never NULL, for which the engines have different places. What is missing comes last in either
    /// order.
    private func key(of span: String, _ dialect: SQLDialect, annotationName: String) -> String {
        switch sort {
        case .startTime: "\(span).start_time"
        case .endTime: "\(span).end_time"
        case .latency: "(\(span).end_time - \(span).start_time)"
        case .name: dialect.bytewise("\(span).name")
        case .kind: dialect.bytewise("\(span).span_kind")
        case .status: dialect.bytewise("\(span).status_code")
        case .tokens(.prompt): "COALESCE(\(span).prompt_tokens, \(missing.number))"
        case .tokens(.completion): "COALESCE(\(span).completion_tokens, \(missing.number))"
        case .tokens(.total): "(COALESCE(\(span).prompt_tokens, 0) + COALESCE(\(span).completion_tokens, 0))"
        case .cumulativeTokens(let part): CumulativeTokens(part).sql(dialect, spans: span)
        case .cost:
            """
            CASE WHEN \(span).prompt_cost IS NULL AND \(span).completion_cost IS NULL THEN \(missing.number)
                ELSE COALESCE(\(span).prompt_cost, 0) + COALESCE(\(span).completion_cost, 0) END
            """
        case .cumulativeCost: CumulativeTokens.costSQL(dialect, spans: span)
        case .annotationScore: greatest("a.score", or: missing.score, span, annotationName)
        case .annotationLabel: greatest(dialect.bytewise("a.label"), or: missing.text, span, annotationName)
        }
    }

    private var missing: MissingKey { MissingKey(descending: descending) }

    private func greatest(_ column: String, or missing: String, _ span: String, _ name: String) -> String {
        """
        COALESCE((SELECT MAX(\(column)) FROM span_annotations AS a
            WHERE a.span_rowid = \(span).id AND a.name = \(name)), \(missing))
        """
    }
}

/// What stands for a key that is missing, in SQL, so that its rows come last.
struct MissingKey {
    let descending: Bool

    var number: String { descending ? "-1" : "9223372036854775807" }
    var score: String { descending ? "-1e300" : "1e300" }
    /// No text comes behind the last of Unicode's characters.
    var text: String { descending ? "''" : "'\u{10FFFF}'" }
}

extension CumulativeTokens {
    fileprivate init(_ tokens: SpanSelection.Tokens) {
        switch tokens {
        case .prompt: self = .prompt
        case .completion: self = .completion
        case .total: self = .total
        }
    }
}

extension SQLDialect {
    /// Text in the order of its bytes, which is SQLite's own.
    func bytewise(_ expression: String) -> String {
        self == .postgres ? "\(expression) COLLATE \"C\"" : expression
    }
}
