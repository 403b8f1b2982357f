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
                SummedFields.rootText("first_input", path: ("input", "value")) {
                    RootSpan.ofSession.source($0, "f_root", of: $1)
                },
                SummedFields.rootText("last_output", path: ("output", "value")) {
                    RootSpan.source($0, "f_root", ofSession: $1, inOrder: "f_kin.start_time DESC, f_kin.id DESC")
                },
                anyOfTraces("any_input", "input"), anyOfTraces("any_output", "output"),
            ])
        vocabulary.annotations = ["session_annotations": .session]
        vocabulary.rootSpan = .ofSession
        vocabulary.collections = collections([
            .table("traces", { .trace }, from: "traces") { "\($1).session_id = \($0).session_id" },
            .table("spans", { .spanElement }, from: "spans") { "\($1).trace_rowid IN \(traces($0))" },
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

    /// A field of any of the traces whose root has come: it only takes `in`, since it is no one text.
    private static func anyOfTraces(_ name: String, _ field: String) -> FilterField {
        var any = FilterField(name: name, type: .text, sql: { _, _ in "NULL" })
        let traces = FilterCollection.table("traces", { .trace }, from: "traces") {
            "\($1).session_id = \($0).session_id AND \($1).root_is_child = 0"
        }
        any.anyOf = (collection: traces, field: field)
        return any
    }
}
