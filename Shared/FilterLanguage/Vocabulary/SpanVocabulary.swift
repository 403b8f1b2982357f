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
            ] + CumulativeTokens.fields.map(\.field))
        vocabulary.dottedFields = ["context.span_id": spanID, "context.trace_id": traceID]
        for (part, field) in CumulativeTokens.fields {
            vocabulary.dottedFields["cumulative_token_count.\(part)"] = field
        }
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
        id: FilterID(byteCount: 8) { dialect, alias, list in dialect.span(alias, hasIDAmong: list) })

    static let parentIDName = "parent_id"

    private static let parentID = FilterField(
        name: parentIDName, type: .text,
        sql: { dialect, alias in
            "CASE WHEN \(alias).parent_id IS NOT NULL THEN \(dialect.hexadecimal("\(alias).parent_id")) END"
        },
        isNullable: true, id: FilterID(byteCount: 8) { _, alias, list in "\(alias).parent_id IN (\(list))" })

    private static let traceID = FilterField(
        name: "trace_id", type: .text,
        sql: { dialect, alias in
            "(SELECT \(dialect.hexadecimal("f_trace.trace_id")) FROM traces AS f_trace WHERE f_trace.id = \(alias).trace_rowid)"
        },
        id: FilterID(byteCount: 16) { _, alias, list in
            "\(alias).trace_rowid IN (SELECT f_trace.id FROM traces AS f_trace WHERE f_trace.trace_id IN (\(list)))"
        })
}
