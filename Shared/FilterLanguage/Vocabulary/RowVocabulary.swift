import Database

/// Fields that the rows of traces and sessions share, which are sums over their spans.
enum SummedFields {
    /// Of a table with the columns of a rollup.
    static let all: [FilterField] = [
        .column("start_time", .time), .column("end_time", .time),
        .number("num_spans") { "\($0).span_count" },
        .number("error_count") { "\($0).error_count" },
        .number("token_count_prompt") { "\($0).prompt_tokens" },
        .number("token_count_completion") { "\($0).completion_tokens" },
        .number("token_count_total") { "(\($0).prompt_tokens + \($0).completion_tokens)" },
        .cost("prompt_cost") { "\($0).prompt_cost" },
        .cost("completion_cost") { "\($0).completion_cost" },
        .cost("total_cost") { "(\($0).prompt_cost + \($0).completion_cost)" },
    ]

    /// How many spans of a kind there are; `spans` is what follows FROM, with the condition that they belong to the row.
    static func spanCount(
        _ name: String, kind: String, _ spans: @escaping @Sendable (_ row: String) -> String
    ) -> FilterField {
        .number(name) { "(SELECT COUNT(*) FROM \(spans($0)) AND f_kin.span_kind = '\(kind)')" }
    }

    /// The text at a path in the attributes of the span that stands for a trace. `trace` is an expression for the span's id.
    static func rootText(
        _ name: String, path: (String, String),
        of source: @escaping @Sendable (_ dialect: SQLDialect, _ row: String) -> String
    ) -> FilterField {
        FilterField(
            name: name, type: .text,
            sql: { dialect, row in
                let text =
                    switch dialect {
                    case .postgres:
                        """
                        CASE WHEN json_typeof(f_root.attributes::json -> '\(path.0)' -> '\(path.1)') = 'string'
                            THEN f_root.attributes::json -> '\(path.0)' ->> '\(path.1)' END
                        """
                    case .sqlite:
                        """
                        CASE WHEN json_type(f_root.attributes, '$.\(path.0).\(path.1)') = 'text'
                            THEN json_extract(f_root.attributes, '$.\(path.0).\(path.1)') END
                        """
                    }
                return "(SELECT \(text) FROM \(source(dialect, row)))"
            },
            isNullable: true)
    }
}

// MARK: - Elements of loops

extension FilterVocabulary {
    static let annotation: FilterVocabulary = {
        var score = FilterField.column("score", .number)
        score.isNullable = true
        score.isBounded = false
        return FilterVocabulary(
            "annotation",
            fields: [
                .column("name", .text), .column("label", .text), score, .column("explanation", .text),
                .column("annotator_kind", .text), .column("identifier", .text),
            ])
    }()

    static let costDetail = FilterVocabulary(
        "cost detail",
        fields: [
            .column("token_type", .text), .column("is_prompt", .boolean),
            .number("tokens") { "\($0).tokens" }, .cost("cost") { "\($0).cost" }, costPerToken,
        ])

    private static let costPerToken: FilterField = {
        var field = FilterField(
            name: "cost_per_token", type: .number,
            sql: { dialect, alias in
                let tokens = "NULLIF(\(dialect.real("\(alias).tokens")), 0)"
                return "(\(dialect.real("\(alias).cost")) / \(tokens) / \(dialect.real("1000000000")))"
            },
            isNullable: true)
        field.magnitude = Magnitude(low: -20, high: 20)
        return field
    }()
}

extension FilterCollection {
    /// Rows of a table. `condition` joins an element to its row.
    static func table(
        _ name: String, _ vocabulary: @escaping @Sendable () -> FilterVocabulary, from table: String,
        _ condition: @escaping @Sendable (_ parent: String, _ element: String) -> String
    ) -> FilterCollection {
        FilterCollection(name: name, vocabulary: vocabulary) { _, parent, element in
            ("\(table) AS \(element)", condition(parent, element))
        }
    }

    /// What spans cost, a row for each kind of token. `condition` is on an element with a span's columns `id` and
    /// `trace_rowid`.
    static func costDetails(
        _ name: String = "span_cost_details",
        _ condition: @escaping @Sendable (_ parent: String, _ element: String) -> String
    ) -> FilterCollection {
        FilterCollection(name: name, vocabulary: { .costDetail }) { dialect, parent, element in
            let rows =
                switch dialect {
                case .postgres:
                    """
                    SELECT s.id, s.trace_rowid, d.value ->> 'token_type' AS token_type,
                        (d.value ->> 'is_prompt')::boolean AS is_prompt, (d.value ->> 'tokens')::float8 AS tokens,
                        (d.value ->> 'cost')::float8 AS cost
                    FROM spans AS s CROSS JOIN LATERAL json_array_elements(s.cost_details::json) AS d(value)
                    """
                case .sqlite:
                    """
                    SELECT s.id, s.trace_rowid, json_extract(d.value, '$.token_type') AS token_type,
                        json_extract(d.value, '$.is_prompt') AS is_prompt, json_extract(d.value, '$.tokens') AS tokens,
                        json_extract(d.value, '$.cost') AS cost
                    FROM spans AS s, json_each(s.cost_details) AS d
                    """
                }
            return ("(\(rows)) AS \(element)", condition(parent, element))
        }
    }
}
