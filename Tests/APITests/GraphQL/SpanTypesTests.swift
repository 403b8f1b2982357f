import Domain
import Foundation
import TestSupport
import Testing

@testable import bennu_api

@Suite("Spans over GraphQL", .serialized)
struct SpanTypesTests {
    private static let columns = """
        name statusCode statusMessage startTime endTime latencyMs parentId spanKind spanId context { traceId spanId }
        userId tokenCountTotal tokenCountPrompt tokenCountCompletion cumulativeTokenCountTotal
        cumulativeTokenCountPrompt cumulativeTokenCountCompletion propagatedStatusCode numChildSpans
        costSummary { prompt { tokens cost } completion { tokens cost } total { tokens cost } }
        costDetailSummaryEntries { tokenType isPrompt value { tokens cost } }
        trace { traceId } project { name }
        """

    @Test("a span's columns are shown as they were sent")
    func columns() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            try await api.store(Corpus.spans)
            let text = "{ getSpanByOtelId(spanId: \"\(SpanID(2))\") { \(Self.columns) } }"
            let span = try await api.query(text)
            let json = try span.json("getSpanByOtelId")
            #expect(
                json == """
                    {"context":{"spanId":"0000000000000002","traceId":"00000000000000000000000000000001"},\
                    "costDetailSummaryEntries":[\
                    {"isPrompt":true,"tokenType":"input","value":{"cost":0.003,"tokens":30}},\
                    {"isPrompt":false,"tokenType":"output","value":{"cost":0.006,"tokens":12}}],\
                    "costSummary":{"completion":{"cost":0.006,"tokens":12},"prompt":{"cost":0.003,"tokens":30},\
                    "total":{"cost":0.009,"tokens":42}},"cumulativeTokenCountCompletion":12,\
                    "cumulativeTokenCountPrompt":31,"cumulativeTokenCountTotal":43,\
                    "endTime":"2026-01-05T00:00:04.000000+00:00","latencyMs":3000,"name":"call","numChildSpans":1,\
                    "parentId":"0000000000000001","project":{"name":"default"},"propagatedStatusCode":"ERROR",\
                    "spanId":"0000000000000002","spanKind":"llm","startTime":"2026-01-05T00:00:01.000000+00:00",\
                    "statusCode":"ERROR","statusMessage":"","tokenCountCompletion":12,"tokenCountPrompt":30,\
                    "tokenCountTotal":42,"trace":{"traceId":"00000000000000000000000000000001"},"userId":null}
                    """)
        }
    }

    @Test("errors and tokens of spans below count for those above, and what has no tokens or price says so")
    func propagation() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            try await api.store(Corpus.spans)
            let data = try await api.query(
                """
                { root: getSpanByOtelId(spanId: "\(SpanID(1))") { \(Self.columns) }
                  leaf: getSpanByOtelId(spanId: "\(SpanID(3))") { \(Self.columns) } }
                """)
            #expect(data.text("root.statusCode") == "OK")
            #expect(data.text("root.propagatedStatusCode") == "ERROR")
            #expect(data.text("root.userId") == "ada")
            #expect(data.at("root", "cumulativeTokenCountTotal") as? Double == 43)
            #expect(data.at("root", "tokenCountTotal") as? Int == 0)
            #expect(data.at("root", "tokenCountPrompt") == nil)
            #expect(data.at("root", "costSummary") == nil)
            #expect(data.text("leaf.propagatedStatusCode") == "OK")
            #expect(data.at("leaf", "tokenCountTotal") as? Int == 1)
            #expect(data.at("leaf", "numChildSpans") as? Int == 0)
        }
    }

    @Test("a span of a model without a price has its tokens by type, and no cost")
    func unpriced() async throws {
        try await withAPI { api in
            var known = TestSpan(trace: 1, id: 1, start: 0, end: 1)
            (known.kind, known.model, known.promptTokens, known.completionTokens) = (.llm, "own", 30, 0)
            known.attributes = #"{"llm":{"token_count":{"prompt_details":{"cache_read":7,"audio":2,"odd":"x"}}}}"#
            var (nameless, tool, idle) = (known, known, known)
            (nameless.id, nameless.model, tool.id, tool.kind) = (2, nil, 3, .tool)
            (idle.id, idle.promptTokens, idle.attributes) = (4, 0, "{}")
            try await api.store([known, nameless, tool, idle])
            for (id, expected) in [
                (
                    1,
                    """
                    {"costDetailSummaryEntries":[\
                    {"isPrompt":true,"tokenType":"audio","value":{"cost":null,"tokens":2}},\
                    {"isPrompt":true,"tokenType":"cache_read","value":{"cost":null,"tokens":7}},\
                    {"isPrompt":true,"tokenType":"input","value":{"cost":null,"tokens":21}}],\
                    "costSummary":{"completion":{"cost":null,"tokens":null},"prompt":{"cost":null,"tokens":30},\
                    "total":{"cost":null,"tokens":30}}}
                    """
                ), (2, #"{"costDetailSummaryEntries":[],"costSummary":null}"#),
                (3, #"{"costDetailSummaryEntries":[],"costSummary":null}"#),
                (4, #"{"costDetailSummaryEntries":[],"costSummary":null}"#),
            ] {
                let data = try await api.query(
                    """
                    { s: getSpanByOtelId(spanId: "\(SpanID(UInt64(id)))") {
                        costSummary { prompt { tokens cost } completion { tokens cost } total { tokens cost } }
                        costDetailSummaryEntries { tokenType isPrompt value { tokens cost } } } }
                    """)
                #expect(try data.json("s") == expected)
            }
        }
    }

    @Test("attributes and events are shown whole and in pieces")
    func bodies() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let fields = """
                attributes metadata numDocuments tokenPromptDetails { cacheRead cacheWrite audio }
                input { mimeType value truncatedValue } output { mimeType value truncatedValue }
                events { name message timestamp attributes }
                """
            func span(_ id: UInt64) async throws -> [String: Any] {
                try await api.query("{ span: getSpanByOtelId(spanId: \"\(SpanID(id))\") { \(fields) } }")
            }
            let (root, call, find, answer) = (
                try await span(1), try await span(2), try await span(3), try await span(4)
            )
            #expect(root.text("span.attributes") == Corpus.spans[0].attributes)
            #expect(root.text("span.metadata") == #"{"tier":1}"#)
            #expect(root.text("span.input.mimeType") == "json")
            #expect(root.text("span.input.value") == #"{"q": "why"}"#)
            #expect(root.text("span.output.mimeType") == "text")
            #expect(root.text("span.output.truncatedValue") == "because")
            let (rootEvents, events) = (try root.json("span", "events"), try call.json("span", "events", 0))
            #expect(rootEvents == "[]")
            #expect(
                events == """
                    {"attributes":{"exception.message":"no","exception.type":"Oops"},"message":"no","name":"exception",\
                    "timestamp":"2026-01-05T00:00:02.000000+00:00"}
                    """)
            let details = try call.json("span", "tokenPromptDetails")
            #expect(details == #"{"audio":2,"cacheRead":7,"cacheWrite":null}"#)
            #expect(call.text("span.input.value") == "5")
            #expect(call.at("span", "numDocuments") as? Int == 0)
            #expect(find.at("span", "numDocuments") as? Int == 2)
            #expect(find.at("span", "input") == nil)
            #expect(answer.text("span.output.truncatedValue") == String(repeating: "x", count: 97) + "...")
            #expect(answer.text("span.output.value")?.count == 150)
        }
    }

    @Test("spans below a span come level by level, as deep as is asked for")
    func descendants() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            func names(_ arguments: String) async throws -> String {
                let data = try await api.query(
                    """
                    { getSpanByOtelId(spanId: "\(SpanID(1))") {
                        descendants\(arguments) { edges { node { name } } pageInfo { hasNextPage } } } }
                    """)
                return try data.json("getSpanByOtelId", "descendants")
            }
            let (all, one, first) = (
                try await names(""), try await names("(maxDepth: 1)"), try await names("(maxDepth: 0, first: 1)")
            )
            #expect(
                all
                    == #"{"edges":[{"node":{"name":"call"}},{"node":{"name":"find"}}],"pageInfo":{"hasNextPage":false}}"#
            )
            #expect(one == #"{"edges":[{"node":{"name":"call"}}],"pageInfo":{"hasNextPage":false}}"#)
            #expect(first == #"{"edges":[{"node":{"name":"call"}}],"pageInfo":{"hasNextPage":true}}"#)
        }
    }

    @Test("a page costs the same statements however long it is, and reads attributes only to show them")
    func statements() async throws {
        let log = StatementLog()
        try await withAPI(options: log.options) { api in
            let spans = (1...60).map { (number: Int) -> TestSpan in
                let (start, end) = (Corpus.at(Double(number)), Corpus.at(Double(number + 1)))
                var span = TestSpan(trace: UInt64(number % 7 + 1), id: UInt64(number), start: start, end: end)
                if number > 20 { span.parent = UInt64(number - 14) }
                return span
            }
            try await api.store(spans)
            func statements(_ first: Int, _ fields: String) async throws -> [String] {
                try await log.reads {
                    _ = try await api.query(
                        "{ getProjectByName(name: \"default\") { spans(first: \(first)) { edges { node { \(fields) } } } } }"
                    )
                }
            }
            let fields = """
                name trace { traceId project { name } } project { name } cumulativeTokenCountTotal
                cumulativeTokenCountPrompt numChildSpans propagatedStatusCode
                """
            let (few, many) = (try await statements(2, fields), try await statements(60, fields))
            #expect(few.count == many.count, "\(many)")
            #expect(many.count <= 6, "\(many)")
            #expect(!many.contains { $0.contains("attributes") })
            let bodies = try await statements(60, "name attributes input { value } output { value } metadata")
            #expect(bodies.filter { $0.contains("attributes") }.count == 1, "\(bodies)")
        }
    }
}
