import Domain
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import bennu_api

@Suite(.serialized) struct ListParametersTests {
    private static let second: Int64 = 1_000_000_000

    /// Nine traces, three at each of three times, that take from nine seconds down to one; every third one failed. They are
    /// stored the newest first, and are of three sessions, of which the first has one trace.
    private func store(_ api: APIFixture) async throws {
        for index in (0..<9).reversed() {
            let start = Int64(index / 3) * 10 * Self.second
            var span = TestSpan(
                trace: UInt64(index + 1), id: UInt64(index + 1), start: start,
                end: start + Int64(9 - index) * Self.second)
            span.session = index == 0 ? "short" : index < 4 ? "middle" : "long"
            span.status = index % 3 == 0 ? .error : .ok
            try await api.store([span])
        }
    }

    /// The traces that a list has, whatever its order.
    private func traces(_ api: APIFixture, _ query: String) async throws -> [UInt64] {
        try await api.list("/v1/projects/default/traces?\(query)").map { number($0.text("trace_id")) }.sorted()
    }

    private func number(_ hex: String?) -> UInt64 { hex.flatMap { UInt64($0.suffix(16), radix: 16) } ?? 0 }

    @Test func `Traces are those that failed, or took so long, or that a filter lets through`() async throws {
        try await withAPI { api in
            try await store(api)
            for (query, expected) in [
                ("error=true", [1, 4, 7]), ("error=false", [2, 3, 5, 6, 8, 9]),
                ("min_latency_ms=7000", [1, 2, 3]), ("max_latency_ms=2000", [8, 9]),
                ("min_latency_ms=2000&max_latency_ms=3000.5", [7, 8]), ("min_latency_ms=3000.5", [1, 2, 3, 4, 5, 6]),
                ("max_latency_ms=inf&error=true", [1, 4, 7]), ("min_latency_ms=1e300", []),
                ("filter=error_count+%3E+0+and+latency_ms+%3C+7000", [4, 7]),
                ("filter=+", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
                ("filter=latency_ms+%3E+1000&error=false&start_time=1970-01-01T00:00:20Z", [8]),
            ] as [(String, [UInt64])] {
                #expect(try await traces(api, query) == expected, "\(query)")
            }
        }
    }

    @Test(arguments: ["error=false", "min_latency_ms=3000", "filter=num_spans+%3D%3D+1"])
    func `Pages of filtered traces have each of them once, in every order`(query: String) async throws {
        try await withAPI { api in
            try await store(api)
            for order in ["order=asc", "order=desc", "sort=latency_ms&order=asc", "sort=latency_ms&order=desc"] {
                let uri = "/v1/projects/default/traces?\(query)&\(order)"
                let whole = try await api.list(uri).compactMap { $0.text("trace_id") }
                #expect(whole.count > 5)
                #expect(try await api.allPages(uri + "&limit=2", "trace_id") == whole, "\(order)")
            }
        }
    }

    @Test(arguments: [1, 4, 9])
    func `Spans come by their start or as they were stored, in both directions`(limit: Int) async throws {
        try await withAPI { api in
            try await store(api)
            let ascending: [UInt64] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
            for path in ["spans", "spans/otlpv1"] {
                let field = path == "spans" ? "context.span_id" : "span_id"
                for (query, key, isAscending) in [
                    ("", "start", false), ("order=asc", "start", true), ("sort=start_time", "start", false),
                    ("sort=start_time&order=asc", "start", true), ("sort=id", "id", false),
                    ("sort=id&order=asc", "id", true),
                ] {
                    let uri = "/v1/projects/default/\(path)?limit=\(limit)&\(query)"
                    let found = try await api.allPages(uri, field).map(number)
                    // Those of one start come as they were stored, which was the other way round.
                    let byStart: [UInt64] = [3, 2, 1, 6, 5, 4, 9, 8, 7]
                    let expected = key == "id" ? ascending.reversed() : byStart
                    #expect(found == (isAscending ? expected : expected.reversed()), "\(path) \(query)")
                }
            }
        }
    }

    @Test func `Sessions are those that a filter lets through, page by page`() async throws {
        try await withAPI { api in
            try await store(api)
            for (query, expected) in [
                ("filter=num_traces+%3E+1", ["long", "middle"]),
                ("filter=num_traces+%3E+1&order=desc", ["middle", "long"]),
                ("filter=num_traces+%3D%3D+1", ["short"]), ("filter=", ["long", "middle", "short"]),
            ] {
                let found = try await api.allPages("/v1/projects/default/sessions?limit=1&\(query)", "session_id")
                #expect(found == expected, "\(query)")
            }
        }
    }

    @Test func `What lists cannot be asked for is refused with 422 as text`() async throws {
        try await withAPI { api in
            try await store(api)
            for (query, words) in [
                ("traces?error=x", "error must be true or false"), ("traces?min_latency_ms=-1", "min_latency_ms"),
                ("traces?max_latency_ms=x", "max_latency_ms"), ("traces?max_latency_ms=nan", "max_latency_ms"),
                ("traces?filter=latency", "filter: "), ("sessions?filter=num_traces+%3D+1", "write '==' to compare"),
                ("spans?sort=name", "sort must be one of id, start_time"), ("spans?order=up", "order must be"),
            ] {
                let response = try await api.send(.get, "/v1/projects/default/\(query)")
                #expect(response.status == .unprocessableContent, "\(query)")
                #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
                #expect(response.text.contains(words), "\(query): \(response.text)")
            }
        }
    }

    @Test func `Traces of a range of time are deleted with their sessions, its start included and its end not`()
        async throws
    {
        try await withAPI { api in
            try await store(api)
            try await api.store(
                [TestSpan(trace: 99, id: 99, start: 10 * Self.second, end: 11 * Self.second)], project: "other")
            let range = "start_time=1970-01-01T00:00:10Z&end_time=1970-01-01T00:00:20"
            #expect(try await api.send(.delete, "/v1/projects/default/traces?\(range)").status == .noContent)
            #expect(try await traces(api, "") == [1, 2, 3, 7, 8, 9])
            #expect(try await api.list("/v1/projects/other/traces").count == 1)
            try await api.expectSumsAgree()
            let rest = "start_time=1970-01-01&end_time=1970-01-01T00:00:10Z"
            #expect(try await api.send(.delete, "/v1/projects/default/traces?\(rest)").status == .noContent)
            #expect(try await api.list("/v1/projects/default/sessions").map { $0.text("session_id") } == ["long"])
        }
    }

    @Test func `Nothing is deleted without both ends of the range, or by a range that is none`() async throws {
        try await withAPI { api in
            try await store(api)
            for query in [
                "", "start_time=1970-01-01", "end_time=2030-01-01", "start_time=x&end_time=2030-01-01",
                "start_time=2030-01-01&end_time=1970-01-01", "start_time=1970-01-01&end_time=1970-01-01",
            ] {
                let response = try await api.send(.delete, "/v1/projects/default/traces?\(query)")
                #expect(response.status == .unprocessableContent, "\(query)")
            }
            let missing = try await api.send(
                .delete, "/v1/projects/none/traces?start_time=1970-01-01&end_time=2030-01-01")
            #expect(missing.status == .notFound)
            #expect(try await traces(api, "").count == 9)
        }
    }
}
