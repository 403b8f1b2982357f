import Database

extension FilterVocabulary {
    /// Of traces. Names are strict.
    static let trace: FilterVocabulary = {
        let spans: @Sendable (String) -> String = { "spans AS f_kin WHERE f_kin.trace_rowid = \($0).id" }
        let root: @Sendable (SQLDialect, String) -> String = { RootSpan.ofTrace.source($0, "f_root", of: $1) }
        var sessionID = FilterField.column("session_id", .text)
        sessionID.isNullable = true
        var vocabulary = FilterVocabulary(
            "trace",
            fields: SummedFields.all + [
                FilterField(
                    name: "trace_id", type: .text, sql: { $0.hexadecimal("\($1).trace_id") },
                    id: FilterID(byteCount: 16) { "\($1).trace_id IN (\($2))" }),
                sessionID, .column("user_id", .text, "root_user_id"), .column("name", .text, "root_name"),
                .latency("latency_ms"),
                SummedFields.spanCount("llm_span_count", kind: "LLM", spans),
                SummedFields.spanCount("tool_span_count", kind: "TOOL", spans),
                SummedFields.rootText("input", path: ("input", "value"), of: root),
                SummedFields.rootText("output", path: ("output", "value"), of: root),
            ])
        vocabulary.annotations = ["trace_annotations": .trace]
        vocabulary.rootSpan = .ofTrace
        vocabulary.collections = collections([
            .table("spans", { .spanElement }, from: "spans") { "\($1).trace_rowid = \($0).id" },
            .table("span_annotations", { .annotation }, from: "span_annotations") {
                "\($1).span_rowid IN (SELECT f_kin.id FROM spans AS f_kin WHERE f_kin.trace_rowid = \($0).id)"
            },
            .table("trace_annotations", { .annotation }, from: "trace_annotations") { "\($1).trace_rowid = \($0).id" },
            .costDetails { "\($1).trace_rowid = \($0).id" },
        ])
        return vocabulary
    }()

    static func collections(_ all: [FilterCollection]) -> [String: FilterCollection] {
        Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
