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

    /// UNION and not UNION ALL: spans that name each other as parents must not go round for ever.
    private func sum(_ alias: String) -> String {
        """
        (WITH RECURSIVE below(id, span_id, tokens) AS (
            SELECT \(alias).id, \(alias).span_id, \(tokens(alias))
            UNION SELECT child.id, child.span_id, \(tokens("child"))
            FROM below JOIN spans AS child
                ON child.trace_rowid = \(alias).trace_rowid AND child.parent_id = below.span_id
        ) SELECT SUM(below.tokens) FROM below)
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
        case .prompt: "f.prompt_tokens"
        case .completion: "f.completion_tokens"
        case .total: "f.prompt_tokens + f.completion_tokens"
        }
    }

    static let fields: [(part: String, field: FilterField)] = allCases.map { part in
        var field = FilterField.number("cumulative_llm_token_count_\(part.rawValue)") { part.sum($0) }
        field.upperBound = { alias in
            "(SELECT \(part.ofTrace) FROM traces AS f WHERE f.id = \(alias).trace_rowid)"
        }
        return (part.rawValue, field)
    }
}
