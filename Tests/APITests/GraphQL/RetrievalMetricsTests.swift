import Domain
import Storage
import TestSupport
import Testing

@testable import bennu_api

@Suite("Metrics of retrieval")
struct RetrievalMetricsTests {
    private func metrics(_ scores: Double...) -> RetrievalMetrics {
        RetrievalMetrics(name: "relevance", scores: scores)
    }

    @Test("the gain is 1 for the best order, less for others, and 0 where nothing is relevant")
    func ndcg() {
        #expect(metrics(1, 1, 0).ndcg(nil) == 1)
        // (1 / log2 3) / (1 / log2 2)
        #expect(abs(metrics(0, 1).ndcg(nil) - 0.630929753571457) < 1e-12)
        // (3/1 + 2/log2 3 + 3/2 + 0 + 1/log2 6 + 2/log2 7) / (3/1 + 3/log2 3 + 2/2 + 2/log2 5 + 1/log2 6)
        #expect(abs(metrics(3, 2, 3, 0, 1, 2).ndcg(nil) - 0.960808) < 1e-6)
        #expect(metrics(0, 1).ndcg(1) == 0)
        #expect(metrics(0, 0).ndcg(nil) == 0)
        #expect(metrics(1).ndcg(0) == 0)
        #expect(metrics(.nan, 1).ndcg(nil).isNaN)
    }

    @Test("precision is the relevant part of the first documents")
    func precision() {
        #expect(metrics(1, 0, 1, 0).precision(nil) == 0.5)
        #expect(metrics(1, 0, 1, 0).precision(1) == 1)
        #expect(metrics(1, 0).precision(0) == 0)
        #expect(metrics(1, .nan).precision(1) == 1)
        #expect(metrics(1, .nan).precision(nil).isNaN)
    }

    @Test("the first relevant document counts by its place, unless a score before it is missing")
    func ranks() {
        #expect(metrics(0, 0, 1).reciprocalRank == 1.0 / 3)
        #expect(metrics(0, 0).reciprocalRank == 0)
        #expect(metrics(.nan, 1).reciprocalRank.isNaN)
        #expect(metrics(1, .nan).reciprocalRank == 1)
        #expect(metrics(.nan, 1).hit == 1)
        #expect(metrics(.nan, 0).hit.isNaN)
        #expect(metrics(0, 0).hit == 0)
    }

    @Test("a project sums up what its spans' documents say, of the spans that tell")
    func project() async throws {
        try await withAPI { api in
            let second: Int64 = 1_000_000_000
            let spans = (1...3).map { (number: UInt64) -> TestSpan in
                var span = TestSpan(
                    trace: 1, id: number, start: Int64(number) * second, end: Int64(number + 1) * second)
                span.attributes = #"{"retrieval":{"documents":[{"document":{}},{"document":{}}]}}"#
                return span
            }
            try await api.store(spans)
            // The second span's first document gets another score, which counts; the third has no score for its first.
            let scores: [(span: UInt64, position: Int, score: Double)] = [
                (1, 0, 1), (1, 1, 0), (2, 0, 1), (2, 1, 1), (2, 0, 0), (3, 1, 1),
            ]
            for (index, score) in scores.enumerated() {
                let id = try await api.query("{ getSpanByOtelId(spanId: \"\(SpanID(score.span))\") { id } }")
                _ = try await api.query(
                    """
                    mutation { createDocumentAnnotations(input: [{spanId: "\(id.text("getSpanByOtelId.id") ?? "")",
                        name: "relevance", documentPosition: \(score.position), score: \(score.score), annotatorKind: CODE,
                        metadata: {}, source: API, identifier: "\(index)"}]) { documentAnnotations { id } } }
                    """)
            }
            let fields = """
                { evaluationName averagePrecision countPrecision first: averagePrecision(k: 1) countFirst: countPrecision(k: 1)
                    averageNdcg(k: 1) countNdcg meanReciprocalRank countReciprocalRank hitRate countHit }
                """
            func summary(_ arguments: String) async throws -> String {
                try await api.query(
                    """
                    { p: getProjectByName(name: "default") {
                        s: documentEvaluationSummary(evaluationName: "relevance"\(arguments)) \(fields) } }
                    """
                ).json("p", "s")
            }
            let all = try await summary("")
            #expect(
                all == """
                    {"averageNdcg":0.5,"averagePrecision":0.5,"countFirst":2,"countHit":3,"countNdcg":2,"countPrecision":2,\
                    "countReciprocalRank":2,"evaluationName":"relevance","first":0.5,"hitRate":1,"meanReciprocalRank":0.75}
                    """)
            let one = try await summary(", timeRange: {start: \"1970-01-01T00:00:02Z\", end: \"1970-01-01T00:00:03Z\"}")
            #expect(one.contains(#""countHit":1,"countNdcg":1"#) && one.contains(#""meanReciprocalRank":0.5"#))
            let filtered = try await summary(", filterCondition: \"span_id == '\(SpanID(1))'\"")
            #expect(filtered.contains(#""countHit":1"#) && filtered.contains(#""meanReciprocalRank":1"#))
            let none = try await summary(", filterCondition: \"name == 'nothing'\"")
            #expect(none == "null")
        }
    }

    @Test("a span has metrics by each name of its documents' annotations")
    func span() async throws {
        try await withAPI { api in
            var retriever = TestSpan(trace: 1, id: 1, start: 0, end: 1)
            retriever.attributes = #"{"retrieval":{"documents":[{"document":{}},{"document":{}}]}}"#
            try await api.store([retriever, TestSpan(trace: 2, id: 2, start: 0, end: 1)])
            for (name, position, score) in [("relevance", 0, 0.0), ("relevance", 1, 1.0), ("taste", 1, 1.0)] {
                let id = try await api.query("{ getSpanByOtelId(spanId: \"\(SpanID(1))\") { id } }")
                _ = try await api.query(
                    """
                    mutation { createDocumentAnnotations(input: [{spanId: "\(id.text("getSpanByOtelId.id") ?? "")",
                        name: "\(name)", documentPosition: \(position), score: \(score), annotatorKind: CODE, metadata: {},
                        source: API}]) { documentAnnotations { id } } }
                    """)
            }
            let fields = "{ evaluationName ndcg(k: 1) precision reciprocalRank hit }"
            let data = try await api.query(
                """
                { one: getSpanByOtelId(spanId: "\(SpanID(1))") { documentRetrievalMetrics \(fields) }
                  named: getSpanByOtelId(spanId: "\(SpanID(1))") {
                    documentRetrievalMetrics(evaluationName: "taste") { evaluationName } }
                  other: getSpanByOtelId(spanId: "\(SpanID(2))") { documentRetrievalMetrics \(fields) } }
                """)
            #expect(
                try data.json("one") == """
                    {"documentRetrievalMetrics":[\
                    {"evaluationName":"relevance","hit":1,"ndcg":0,"precision":0.5,"reciprocalRank":0.5},\
                    {"evaluationName":"taste","hit":1,"ndcg":null,"precision":null,"reciprocalRank":null}]}
                    """)
            #expect(try data.json("named") == #"{"documentRetrievalMetrics":[{"evaluationName":"taste"}]}"#)
            #expect(try data.json("other") == #"{"documentRetrievalMetrics":[]}"#)
        }
    }
}
