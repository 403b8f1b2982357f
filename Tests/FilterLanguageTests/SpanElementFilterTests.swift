import Database
import FilterLanguage
import TestSupport
import Testing

/// What elements of `spans` and `span_cost_details` have in filters of traces, beyond the names of spans.
@Suite struct SpanElementFilterTests {
    static let filters: [(filter: String, matches: [Int64])] = [
        ("sum(s.llm_token_count_prompt for s in spans) > 50", [1]),
        ("max(s.llm_token_count_total for s in spans) == 10", [2]),
        ("sum(s.llm_token_count_completion for s in spans) == 0", [2, 3, 4]),
        ("min(s.llm_token_count_prompt for s in spans) == 100", [1]),
        ("any(s.llm_token_count_prompt is None for s in spans)", [1, 2, 3, 4]),
        ("all(s.llm_token_count_total == 0 for s in spans)", [3, 4]),
        ("any(s.cumulative_error_count > 0 for s in spans)", [1, 2]),
        ("any(s.cumulative_error_count == 1 and s.span_kind == 'AGENT' for s in spans)", [1]),
        ("sum(s.cumulative_error_count for s in spans) == 3", [1]),
        ("any(d.is_prompt for d in span_cost_details)", [1]),
        ("all(d.is_prompt for d in span_cost_details)", [2, 3, 4]),
        ("any(not d.is_prompt and d.tokens == 50 for d in span_cost_details)", [1]),
        ("len([d for d in span_cost_details if d.is_prompt]) == 1", [1]),
        ("any(d.cost_per_token == 0.0025 for d in span_cost_details)", [1]),
        ("max(d.cost_per_token for d in span_cost_details) == 0.01", [1]),
        ("min(s.start_time for s in spans) > '2026-07-01T12:00:05Z'", [3, 4]),
        ("max(s.end_time for s in spans) < '2026-07-01T12:00:02Z'", [1]),
        ("min(s.start_time for s in spans if s.span_kind == 'TOOL') is None", [2, 3, 4]),
        ("min(s.start_time for s in spans) == start_time", [1, 2, 3, 4]),
        ("min(s.start_time for s in spans) < max(s.start_time for s in spans)", [1, 2]),
        ("'2026-07-01T12:00:00Z' <= min(s.start_time for s in spans) < '2026-07-01T12:00:06Z'", [1, 2]),
        ("any(s.parent_span.name == 'chat' for s in spans)", [1, 2]),
        ("any(s.parent_span.span_kind == 'agent' for s in spans)", [1]),
        ("any(s.parent_span.latency_ms is None and s.parent_id is not None for s in spans)", [3]),
        ("any(s.parent_span.cumulative_llm_token_count_total == 10 for s in spans)", [2]),
        ("any(len(s.children) == 2 for s in spans)", [1]),
        ("any(s.name == 'chat' and any(c.name == 'tool call' for c in s.children) for s in spans)", [1]),
        ("any(len(s.siblings) == 1 for s in spans)", [1]),
        ("any(any(a.label == 'correct' and a.identifier == 'second' for a in s.annotations) for s in spans)", [1]),
        ("any(any(d.tokens == 50 for d in s.cost_details) for s in spans)", [1]),
    ]

    @Test func elementsHaveTheirNamesOnBothDatabases() async throws {
        let fixture = try FilterFixture.read()
        try await withDatabases { database in
            try await fixture.store(in: database)
            try await database.expectTraces(Self.filters)
        }
    }

    @Test func theirNamesAreAttributesInFiltersOfSpans() async throws {
        let fixture = try FilterFixture.read()
        try await withDatabases { database in
            try await fixture.store(in: database)
            #expect(try await database.spans(matching: SpanFilter("cumulative_error_count is not None")) == [])
            #expect(try await database.spans(matching: SpanFilter("None is not user.id")) == [1, 5])
            #expect(try await database.spans(matching: SpanFilter("False is ok")) == [6])
            let second = try SpanFilter("annotations['correctness'].identifier == 'second'")
            #expect(try await database.spans(matching: second) == [3])
        }
        #expect(throws: FilterError.self) { try SpanFilter("parent_span.name == 'x'") }
    }
}
