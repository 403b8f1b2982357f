extension FilterVocabulary {
    /// Of a span in a loop, which has names that a filter of spans reads as attributes.
    static let spanElement: FilterVocabulary = {
        var vocabulary = span
        for field in tokenCounts + [CumulativeTokens.errorCount] { vocabulary.fields[field.name] = field }
        for field in vocabulary.fields.values {
            let ofParent = field.ofParentSpan
            vocabulary.dottedFields[ofParent.name] = ofParent
        }
        vocabulary.collections = collections([
            .table("annotations", { .annotation }, from: "span_annotations") { "\($1).span_rowid = \($0).id" },
            .costDetails("cost_details") { "\($1).id = \($0).id" },
            .table("children", { .spanElement }, from: "spans") {
                "\($1).trace_rowid = \($0).trace_rowid AND \($1).parent_id = \($0).span_id"
            },
            .table("siblings", { .spanElement }, from: "spans") {
                "\($1).trace_rowid = \($0).trace_rowid AND \($1).parent_id = \($0).parent_id AND \($1).id <> \($0).id"
            },
        ])
        return vocabulary
    }()

    /// What the span itself recorded; the sum is 0 where it recorded none.
    private static let tokenCounts: [FilterField] = [
        .number("llm_token_count_prompt") { "\($0).prompt_tokens" },
        .number("llm_token_count_completion") { "\($0).completion_tokens" },
        .number("llm_token_count_total") {
            "(COALESCE(\($0).prompt_tokens, 0) + COALESCE(\($0).completion_tokens, 0))"
        },
    ]
}

extension FilterField {
    static let parentSpanPrefix = "parent_span."

    /// The same of the span above; missing where that never came.
    fileprivate var ofParentSpan: FilterField {
        var field = self
        field.name = Self.parentSpanPrefix + name
        field.sql = { [sql] dialect, alias in
            "(SELECT \(sql(dialect, "f_parent")) FROM spans AS f_parent WHERE \(dialect.span("f_parent", hasID: "\(alias).parent_id")))"
        }
        field.isNullable = true
        field.id = nil
        field.upperBound = nil
        return field
    }
}
