import Database

extension FilterVocabulary {
    /// Of sessions. Names are strict.
    static let session: FilterVocabulary = {
        let traces: @Sendable (String) -> String = {
            "(SELECT f_kin.id FROM traces AS f_kin WHERE f_kin.session_id = \($0).session_id)"
        }
        let spans: @Sendable (String) -> String = { "spans AS f_kin WHERE f_kin.trace_rowid IN \(traces($0))" }
        var vocabulary = FilterVocabulary(
            "session",
            fields: SummedFields.all + [
                .column("session_id", .text), .latency("duration_ms"),
                .number("num_traces") { "\($0).trace_count" },
                .number("num_traces_with_error") {
                    "(SELECT COUNT(*) FROM traces AS f_kin WHERE f_kin.session_id = \($0).session_id AND f_kin.error_count > 0)"
                },
                SummedFields.spanCount("llm_span_count", kind: "LLM", spans),
                SummedFields.spanCount("tool_span_count", kind: "TOOL", spans),
                SummedFields.rootText("first_input", path: ("input", "value"), of: rootOfTrace("start_time, f_kin.id")),
                SummedFields.rootText(
                    "last_output", path: ("output", "value"), of: rootOfTrace("start_time DESC, f_kin.id DESC")),
                anyOfTraces("any_input", "input"), anyOfTraces("any_output", "output"),
            ])
        vocabulary.annotations = ["annotations": .session]
        vocabulary.collections = collections([
            .table("traces", { .trace }, from: "traces") { "\($1).session_id = \($0).session_id" },
            .table("spans", { .span }, from: "spans") { "\($1).trace_rowid IN \(traces($0))" },
            .table("span_annotations", { .annotation }, from: "span_annotations") {
                "\($1).span_rowid IN (SELECT f_kin.id FROM \(spans($0)))"
            },
            .table("trace_annotations", { .annotation }, from: "trace_annotations") {
                "\($1).trace_rowid IN \(traces($0))"
            },
            .table("session_annotations", { .annotation }, from: "session_annotations") {
                "\($1).session_rowid = \($0).id"
            },
            .costDetails { "\($1).trace_rowid IN \(traces($0))" },
        ])
        return vocabulary
    }()

    /// The span that stands for the first trace of a session, in some order.
    private static func rootOfTrace(_ order: String) -> @Sendable (String) -> String {
        { row in
            """
            spans AS f_root WHERE f_root.span_id = (SELECT f_kin.root_span_id FROM traces AS f_kin
                WHERE f_kin.session_id = \(row).session_id ORDER BY f_kin.\(order) LIMIT 1)
            """
        }
    }

    /// A field of any of the traces: it only takes `in`, since it is no one text.
    private static func anyOfTraces(_ name: String, _ field: String) -> FilterField {
        var any = FilterField(name: name, type: .text, sql: { _, _ in "NULL" })
        any.anyOf = (collection: "traces", field: field)
        return any
    }
}
