import Database
import FilterLanguage
import TestSupport
import Testing

@Suite struct TraceFilterTests {
    static let traces: [(filter: String, matches: [Int64])] = [
        ("num_spans > 1", [1, 2]), ("error_count == 0", [3, 4]), ("token_count_total >= 150", [1]),
        ("total_cost == 0.75", [1]), ("prompt_cost > 0 and completion_cost < 1", [1]), ("latency_ms < 100", [3, 4]),
        ("llm_span_count == 1", [1, 2]), ("tool_span_count == 1", [1]), ("'REFUND' in input", [1]),
        ("input is None", [2, 4]), ("output == 'Like this.'", [1]), ("session_id == 's1'", [1]),
        ("session_id is None", [2, 3, 4]), ("name in ['orphan', 'chat']", [2, 3]),
        ("trace_id == '00000000000000000000000000000003'", [3]), ("start_time < '2026-07-01T12:00:05Z'", [1]),
        ("any(s.span_kind == 'tool' for s in spans)", [1]),
        ("all(s.latency_ms >= 50 for s in spans)", [3]),
        ("all(s.llm.model_name == 'x' for s in spans if s.span_kind == 'LLM')", [3, 4]),
        ("not any(s.span_kind == 'LLM' for s in spans) and num_spans == 1", [3, 4]), ("len(spans) == 4", [1]),
        ("len([s for s in spans if s.span_kind == 'LLM']) == 1", [1, 2]),
        ("sum(s.latency_ms for s in spans) > 3000", [2]),
        ("max(s.llm.token_count.prompt for s in spans) == 100", [1]),
        ("max(s.llm.token_count.prompt for s in spans) == 0", []),
        ("max(s.llm.token_count.prompt for s in spans) is None", [3, 4]),
        ("min(s.latency_ms for s in spans) < 10", [2, 4]),
        ("sum(s.latency_ms for s in spans) / num_spans < 700", [1, 3, 4]),
        ("any(a.label == 'correct' and a.score > 0.85 for a in span_annotations)", [2]),
        ("sum(a.score * 2 for a in span_annotations) > 3", [1]),
        ("any(a.name == 'quality' for a in trace_annotations)", [1]),
        ("sum(d.cost for d in span_cost_details) == 0.75", [1]),
        ("any(d.token_type == 'output' and d.is_prompt == False for d in span_cost_details)", [1]),
        ("any(s.annotations['correctness'].label == 'incorrect' for s in spans)", [1]),
        ("any(s.parent_span is None and s.parent_id is not None for s in spans)", [3]),
        ("any(s.name == name and s.latency_ms > 1000 for s in spans)", [1, 2]),
    ]

    static let sessions: [(filter: String, matches: [Int64])] = [
        ("num_traces == 1", [1]), ("num_spans == 4 and duration_ms == 1500", [1]), ("'refund' in any_input", [1]),
        ("'nothing' in any_input", []), ("'refund' not in any_input", []), ("'LIKE' in last_output", [1]),
        ("first_input is None", []), ("num_traces_with_error == 1", [1]), ("llm_span_count == 1", [1]),
        ("any(t.num_spans == 4 for t in traces)", [1]),
        ("any(any(s.span_kind == 'LLM' for s in t.spans) for t in traces)", [1]),
        ("any(s.name == 'chat' for s in spans)", [1]), ("session_id == 's1'", [1]),
        ("not session_annotations['x']", [1]),
        ("any(a.label == 'x' for a in session_annotations)", []), ("total_cost > 1", []),
        ("any(a.score > 0.9 for a in trace_annotations)", [1]), ("len(span_annotations) == 4", [1]),
        ("sum(d.tokens for d in span_cost_details) == 150", [1]),
    ]

    @Test func tracesAndSessionsAreFoundAlikeOnBothDatabases() async throws {
        let fixture = try FilterFixture.read()
        try await withDatabases { database in
            try await fixture.store(in: database)
            try await database.expectTraces(Self.traces)
            try await database.expectSessions(Self.sessions)
        }
    }

    @Test(arguments: [
        ("num_span > 1", "did you mean 'num_spans'?"), ("spans", "is not a field"), ("any(spans)", "write it as"),
        ("any(x.name == 'a' for x in span)", "did you mean 'spans'?"),
        ("sum(s.name for s in spans)", "is not a number"),
        ("len(t for t in traces) > 1", "'traces'"), ("any(s for s in spans)", "compare one of its fields"),
        ("llm.model_name == 'x'", "of its root span is written as attributes['llm.model_name']"),
        ("user.name == 'x'", "attributes['user.name']"), ("user == 'x'", "'user' is not a field of a trace"),
        ("annotations['x']", "write trace_annotations['name'], or any("),
        ("evals['x'].label == 'a'", "write trace_annotations['name'], or any("),
        ("span_annotations['x'].score > 1", "is a list: write it as any("),
        ("trace_annotations['x'].lable == 'a'", "did you mean 'label'?"),
        ("any(s.parent_span.nam == 'x' for s in spans)", "did you mean 'parent_span.name'?"),
        ("any(s.parent_span['x'] == 'x' for s in spans)", "is not a field of the parent"),
        ("attributes[0] == 1", "attributes have names"), ("sum(s.start_time for s in spans) > 1", "is not a number"),
        ("max(s.name for s in spans) == 'x'", "is not a number"),
        ("max(s.end_time for s in spans) + 1 > 2", "is not a number"),
        ("attributes['\(String(repeating: "a.", count: 50))a'] == 1", "at most 40 steps"),
        ("al(s.name == 'a' for s in spans)", "'all'"),
        ("any(s.latency_ms > 1 for s in spans) > 1", "is a condition"), ("num_spans > 'x'", "cannot be compared"),
    ])
    func wrongTraceFiltersAreRefused(_ text: String, _ words: String) {
        do {
            _ = try TraceFilter(text)
            Issue.record("\(text) is taken")
        } catch {
            #expect(error.description.contains(words), "\(error.description)")
        }
    }

    @Test(arguments: [
        ("num_traces > 1 and annotations['x']", "write session_annotations['name'], or any("),
        ("num_traces > 1 and trace_annotations['x'].score > 1", "'trace_annotations' is a list: write it as any("),
        ("num_traces > 1 and session.id == 'x'", "attributes['session.id']"),
    ])
    func wrongSessionFiltersAreRefusedAtTheirPlace(_ text: String, _ words: String) {
        let error = #expect(throws: FilterError.self) { try SessionFilter(text) }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
        #expect(error?.position == 19)
    }

    @Test func aTextOfAnyTraceOnlyTakesIn() {
        #expect(throws: FilterError.self) { try SessionFilter("any_input == 'x'") }
        #expect(throws: FilterError.self) { try SpanFilter("any(s.name == 'x' for s in spans)") }
    }
}
