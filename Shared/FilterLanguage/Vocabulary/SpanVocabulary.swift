import Database

extension FilterVocabulary {
    /// Of spans.
    static let span: FilterVocabulary = {
        var vocabulary = FilterVocabulary(
            "span",
            fields: [
                spanID, traceID, parentID, upperCase("span_kind"), upperCase("status_code"), .column("name", .text),
                .column("status_message", .text), .column("start_time", .time), .column("end_time", .time),
                .latency("latency_ms"),
            ] + cumulativeTokens.map(\.field))
        vocabulary.dottedFields = ["context.span_id": spanID, "context.trace_id": traceID]
        for (part, field) in cumulativeTokens { vocabulary.dottedFields["cumulative_token_count.\(part)"] = field }
        vocabulary.hasAttributes = true
        vocabulary.hasParentSpan = true
        vocabulary.annotations = ["annotations": .span, "evals": .span, "trace_annotations": .traceOfSpan]
        return vocabulary
    }()

    private static func upperCase(_ name: String) -> FilterField {
        var field = FilterField.column(name, .text)
        field.isUpperCase = true
        return field
    }

    private static let spanID = FilterField(
        name: "span_id", type: .text, sql: { dialect, alias in dialect.hexadecimal("\(alias).span_id") },
        id: FilterID(byteCount: 8) { alias, list in "\(alias).span_id IN (\(list))" })

    private static let parentID = FilterField(
        name: "parent_id", type: .text,
        sql: { dialect, alias in
            "CASE WHEN \(alias).parent_id IS NOT NULL THEN \(dialect.hexadecimal("\(alias).parent_id")) END"
        },
        isNullable: true, id: FilterID(byteCount: 8) { alias, list in "\(alias).parent_id IN (\(list))" })

    private static let traceID = FilterField(
        name: "trace_id", type: .text,
        sql: { dialect, alias in
            "(SELECT \(dialect.hexadecimal("f.trace_id")) FROM traces AS f WHERE f.id = \(alias).trace_rowid)"
        },
        id: FilterID(byteCount: 16) { alias, list in
            "\(alias).trace_rowid IN (SELECT f.id FROM traces AS f WHERE f.trace_id IN (\(list)))"
        })
}

// MARK: - Tokens of a span and all below it

extension FilterVocabulary {
    fileprivate static let cumulativeTokens: [(part: String, field: FilterField)] = [
        ("prompt", cumulative("prompt", { "COALESCE(\($0).prompt_tokens, 0)" }, "prompt_tokens")),
        ("completion", cumulative("completion", { "COALESCE(\($0).completion_tokens, 0)" }, "completion_tokens")),
        (
            "total",
            cumulative(
                "total", { "COALESCE(\($0).prompt_tokens, 0) + COALESCE(\($0).completion_tokens, 0)" },
                "prompt_tokens + f.completion_tokens")
        ),
    ]

    /// UNION and not UNION ALL: spans that name each other as parents must not go round for ever.
    private static func cumulative(
        _ part: String, _ tokens: @escaping @Sendable (_ alias: String) -> String, _ ofTrace: String
    ) -> FilterField {
        var field = FilterField.number("cumulative_llm_token_count_\(part)") { alias in
            """
            (WITH RECURSIVE below(id, span_id, tokens) AS (
                SELECT \(alias).id, \(alias).span_id, \(tokens(alias))
                UNION SELECT child.id, child.span_id, \(tokens("child"))
                FROM below JOIN spans AS child
                    ON child.trace_rowid = \(alias).trace_rowid AND child.parent_id = below.span_id
            ) SELECT SUM(below.tokens) FROM below)
            """
        }
        field.upperBound = { alias in "(SELECT f.\(ofTrace) FROM traces AS f WHERE f.id = \(alias).trace_rowid)" }
        return field
    }
}
