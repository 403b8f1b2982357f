import Database

/// Tokens of a span and of all spans below it, as expressions of SQL.
public enum CumulativeTokens: String, Sendable, CaseIterable {
    case prompt, completion, total

    /// A whole number, never NULL, for a row of `spans` that is called `spans`.
    ///
    /// It goes through the trace's spans once for each level below the span.
    public func sql(_ dialect: SQLDialect, spans alias: String) -> String {
        dialect == .postgres ? "\(sum(alias))::int8" : sum(alias)
    }

    /// What a span and all below it cost, in nano-dollars; likewise.
    public static func costSQL(_ dialect: SQLDialect, spans alias: String) -> String {
        let sum = sum(alias) { "COALESCE(\($0).prompt_cost, 0) + COALESCE(\($0).completion_cost, 0)" }
        return dialect == .postgres ? "\(sum)::int8" : sum
    }

    private func sum(_ alias: String) -> String { Self.sum(alias, tokens) }

    /// UNION and not UNION ALL: spans that name each other as parents must not go round for ever.
    private static func sum(_ alias: String, _ own: (_ span: String) -> String) -> String {
        """
        (WITH RECURSIVE f_below(id, span_id, tokens) AS (
            SELECT \(alias).id, \(alias).span_id, \(own(alias))
            UNION SELECT f_child.id, f_child.span_id, \(own("f_child"))
            FROM f_below JOIN spans AS f_child
                ON f_child.trace_rowid = \(alias).trace_rowid AND f_child.parent_id = f_below.span_id
        ) SELECT SUM(f_below.tokens) FROM f_below)
        """
    }

    private func tokens(_ alias: String) -> String {
        switch self {
        case .prompt: "COALESCE(\(alias).prompt_tokens, 0)"
        case .completion: "COALESCE(\(alias).completion_tokens, 0)"
        case .total: "COALESCE(\(alias).prompt_tokens, 0) + COALESCE(\(alias).completion_tokens, 0)"
        }
    }

    private var ofTrace: String {
        switch self {
        case .prompt: "f_trace.prompt_tokens"
        case .completion: "f_trace.completion_tokens"
        case .total: "f_trace.prompt_tokens + f_trace.completion_tokens"
        }
    }

    /// Failed spans among a span and all below it.
    static let errorCount: FilterField = {
        var field = FilterField.number("cumulative_error_count") { alias in
            sum(alias) { "CASE WHEN \($0).status_code = 'ERROR' THEN 1 ELSE 0 END" }
        }
        field.upperBound = { alias in
            "(SELECT f_trace.error_count FROM traces AS f_trace WHERE f_trace.id = \(alias).trace_rowid)"
        }
        return field
    }()

    static let fields: [(part: String, field: FilterField)] = allCases.map { part in
        var field = FilterField.number("cumulative_llm_token_count_\(part.rawValue)") { part.sum($0) }
        field.upperBound = { alias in
            "(SELECT \(part.ofTrace) FROM traces AS f_trace WHERE f_trace.id = \(alias).trace_rowid)"
        }
        return (part.rawValue, field)
    }
}
