import Database

extension TokenCharge {
    /// Reads a type, whether it is a prompt's, tokens and cost, from column `first` on.
    init(_ row: SQLRow, from first: Int) throws {
        self.init(
            tokenType: try row.text(first), isPrompt: try row.integer(first + 1) != 0,
            tokens: try row.integer(first + 2), cost: try row.integer(first + 3))
    }

    /// What follows `FROM spans s` to have a row for each of the charges of a span, as `charge`.
    static func join(_ dialect: SQLDialect) -> String {
        switch dialect {
        case .postgres: "CROSS JOIN LATERAL json_array_elements(s.cost_details::json) charge(value)"
        case .sqlite: "CROSS JOIN json_each(s.cost_details) charge"
        }
    }

    /// The expressions of a charge's `token_type`, `is_prompt` (0 or 1), `tokens` and `cost`.
    static func columns(
        _ dialect: SQLDialect
    ) -> (tokenType: String, isPrompt: String, tokens: String, cost: String) {
        func field(_ name: String) -> String { "charge.value ->> '\(name)'" }
        return switch dialect {
        case .postgres:
            (
                field("token_type"), "CAST(CAST(\(field("is_prompt")) AS BOOLEAN) AS INT)",
                "CAST(\(field("tokens")) AS BIGINT)", "CAST(\(field("cost")) AS BIGINT)"
            )
        case .sqlite: (field("token_type"), field("is_prompt"), field("tokens"), field("cost"))
        }
    }
}

/// The charges of one stored span.
struct ChargedSpan {
    let id: [UInt8]
    let projectID: Int64
    let startTime: Int64
    let modelID: Int64
    let charge: TokenCharge

    /// - Parameter condition: on the columns of `s`, a row of `spans`.
    static func all(
        where condition: String, _ values: [SQLValue], on connection: DatabaseConnection
    ) throws -> [ChargedSpan] {
        let columns = TokenCharge.columns(connection.dialect)
        return try connection.query(
            """
            SELECT s.span_id, s.project_id, s.start_time, s.model_id, \(columns.tokenType), \(columns.isPrompt),
                \(columns.tokens), \(columns.cost)
            FROM spans s \(TokenCharge.join(connection.dialect)) WHERE s.model_id IS NOT NULL AND \(condition)
            """, values
        ).map { row in
            ChargedSpan(
                id: try row.bytes(0), projectID: try row.integer(1), startTime: try row.integer(2),
                modelID: try row.integer(3),
                charge: try TokenCharge(row, from: 4))
        }
    }
}
