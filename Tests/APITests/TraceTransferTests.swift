import Domain
import Foundation
import TestSupport
import Testing

@testable import bennu_api

@Suite("Transfers and removal of sessions", .serialized)
struct TraceTransferTests {
    private func withTraces(_ body: @Sendable (APIFixture) async throws -> Void) async throws {
        try await withAPI { api in
            for (project, trace, session) in [("a", 1, "s"), ("a", 2, "s"), ("b", 3, "t")] as [(String, UInt64, String)]
            {
                var span = TestSpan(trace: trace, id: trace, start: Int64(trace) * 1000, end: Int64(trace) * 3000)
                span.session = session
                try await api.store([span], project: project)
            }
            try await body(api)
        }
    }

    private func transfer(_ traces: [String], _ project: String) -> String {
        """
        {"trace_identifiers": [\(traces.map { "\"\($0)\"" }.joined(separator: ", "))],
            "destination_project_identifier": "\(project)"}
        """
    }

    private func trace(_ number: UInt64) -> String { TraceID(high: 0, low: number).description }

    @Test("traces move with all that they add up to, and their annotations")
    func move() async throws {
        try await withTraces { api in
            let annotation = #"{"data": {"span_id": "0000000000000001", "note": "mine", "identifier": "x"}}"#
            _ = try await api.object(.post, "/v1/span_notes", annotation)
            let answer = try await api.object(.post, "/v1/traces/transfer", transfer([trace(1), trace(2)], "b"))
            #expect((answer["data"] as? [String: Any])?["transferred_trace_count"] as? Int == 2)
            #expect(try await api.list("/v1/projects/a/traces").isEmpty)
            #expect(try await api.list("/v1/projects/b/traces").count == 3)
            #expect(try await api.list("/v1/projects/b/spans").count == 3)
            #expect(try await api.list("/v1/projects/b/sessions").count == 2)
            #expect(try await api.list("/v1/projects/b/span_annotations?identifier=x").count == 1)
            try await api.expectSumsAgree()
        }
    }

    @Test("a transfer that cannot be done whole is refused and moves nothing")
    func refusals() async throws {
        try await withTraces { api in
            for (body, status) in [
                (transfer([], "b"), 422), (transfer([trace(1), trace(3)], "b"), 422),
                (transfer([trace(1)], "none"), 404),
                (transfer([trace(1), trace(9)], "b"), 404), (transfer(["nonsense"], "b"), 404), ("{}", 422),
            ] {
                let answer = try await api.send(.post, "/v1/traces/transfer", body)
                #expect(answer.status.code == status, "\(body)")
            }
            #expect(try await api.list("/v1/projects/a/traces").count == 2)
        }
    }

    @Test("deleted sessions go with their traces, by either kind of id")
    func sessions() async throws {
        try await withTraces { api in
            let node = try #require(try await api.object(.get, "/v1/sessions/s").text("data.id"))
            let mixed = #"{"session_identifiers": ["\#(node)", "t"]}"#
            #expect(try await api.send(.post, "/v1/sessions/delete", mixed).status == .unprocessableContent)
            let some = #"{"session_identifiers": ["t", "none"]}"#
            #expect(try await api.send(.post, "/v1/sessions/delete", some).status == .noContent)
            #expect(try await api.send(.get, "/v1/sessions/t").status == .notFound)
            #expect(try await api.list("/v1/projects/b/traces").isEmpty)
            #expect(
                try await api.send(.post, "/v1/sessions/delete", #"{"session_identifiers": ["\#(node)"]}"#).status
                    == .noContent)
            #expect(try await api.list("/v1/projects/a/traces").isEmpty)
            try await api.expectSumsAgree()
        }
    }

    @Test("a session is deleted by its path")
    func session() async throws {
        try await withTraces { api in
            let first = try await api.send(.delete, "/v1/sessions/s")
            let second = try await api.send(.delete, "/v1/sessions/s")
            #expect(first.status == .noContent && second.status == .notFound)
            #expect(try await api.list("/v1/projects/a/traces").isEmpty)
        }
    }

    @Test("a posted span keeps its real numbers real")
    func realNumbers() async throws {
        try await withTraces { api in
            let body = """
                {"data": [{"name": "n", "context": {"trace_id": "\(trace(8))", "span_id": "00000000000000a8"},
                    "span_kind": "LLM", "start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-01T00:00:01Z",
                    "status_code": "OK", "attributes": {"temperature": 1.0, "whole": 1, "list": [2.0]},
                    "events": [{"name": "e", "timestamp": "2026-01-01T00:00:00Z", "attributes": {"share": 3.0}}]}]}
                """
            _ = try await api.object(.post, "/v1/projects/a/spans", body)
            let text = try await api.send(.get, "/v1/projects/a/spans?span_id=00000000000000a8").text
            #expect(
                text.contains(#""temperature":1.0"#) && text.contains(#""whole":1,"#) || text.contains(#""whole":1}"#))
            #expect(text.contains("[2.0]") && text.contains(#""share":3.0"#))
        }
    }
}
