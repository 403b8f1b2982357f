import Database
import Domain
import Pricing
import TestSupport
import Testing

@testable import Storage

@Suite("Usage of models", .serialized)
struct ModelUsageTests {
    private static let second: Int64 = 1_000_000_000

    /// Three hundred calls of two models over three days; `testCosting` charges those with an even count by model 1.
    private static func randomSpans(_ random: inout SeededGenerator) -> [TestSpan] {
        (1...300).map { number in
            let start = Int64.random(in: -86_400..<(2 * 86_400), using: &random) * second + Int64(number)
            var span = TestSpan(trace: UInt64(number / 2 + 1), id: UInt64(number), start: start, end: start + second)
            (span.model, span.promptTokens) = ("m", Int64.random(in: 0..<100, using: &random))
            span.completionTokens = Int64.random(in: 1..<50, using: &random)
            if number.isMultiple(of: 10) { span.model = nil }
            return span
        }
    }

    /// What the spans come to, counted one by one.
    private static func expected(_ spans: [TestSpan], from start: Int64?, to end: Int64?) -> [Int64: [TokenCharge]] {
        let inside = spans.filter { $0.model != nil && $0.start >= start ?? .min && $0.start < end ?? .max }
        let byModel = Dictionary(grouping: inside) {
            ($0.promptTokens ?? 0).isMultiple(of: 2) ? 1 : ModelPrice.firstOwnID
        }
        return byModel.mapValues { spans in
            let prompt = spans.reduce(0) { $0 + ($1.promptTokens ?? 0) }
            let completion = spans.reduce(0) { $0 + ($1.completionTokens ?? 0) }
            return [
                TokenCharge(tokenType: "input", isPrompt: true, tokens: prompt, cost: prompt * 2000),
                TokenCharge(tokenType: "output", isPrompt: false, tokens: completion, cost: completion * 3000),
            ].filter { $0.tokens > 0 }
        }
    }

    @Test("charges of any stretch of time are those of the spans in it, to the nanosecond")
    func charges() async throws {
        var random = SeededGenerator(seed: 11)
        let spans = Self.randomSpans(&random)
        try await withStoredSpans(spans, costing: testCosting) { database, project in
            let usage = ModelUsage(database: database)
            #expect(try await RollupAudit.differences(in: database) == [])
            for round in 0..<60 {
                let times = (0..<2).map { _ in spans[Int.random(in: 0..<spans.count, using: &random)].start }.sorted()
                let width = [1, 3600 * Self.second, 86_400 * Self.second][round % 3]
                let start = round % 5 == 0 ? nil : times[0] / width * width
                let end = round % 7 == 0 ? nil : times[1] / width * width
                let scope = ModelUsage.Scope(projectID: round.isMultiple(of: 2) ? project : nil, start: start, end: end)
                let found = try await usage.charges(in: scope)
                #expect(found == Self.expected(spans, from: start, to: end), "\(start ?? -1) \(end ?? -1)")
                let one = try await usage.charges(ofModels: [1], in: scope)
                #expect(one == found.filter { $0.key == 1 })
            }
            let elsewhere = try await usage.charges(in: ModelUsage.Scope(projectID: project + 1))
            #expect(elsewhere.isEmpty)
        }
    }

    @Test("a model was last used when its newest span began, also after later ones were deleted")
    func lastUses() async throws {
        var random = SeededGenerator(seed: 12)
        let spans = Self.randomSpans(&random).map { span in
            var span = span
            span.trace = span.id
            return span
        }
        try await withStoredSpans(spans, costing: testCosting) { database, _ in
            let usage = ModelUsage(database: database)
            let charged = spans.filter { $0.model != nil && ($0.promptTokens ?? 0).isMultiple(of: 2) }
                .sorted { $0.start < $1.start }
            let last = try await usage.lastUses(ofModels: [1, 2])
            #expect(last == [1: charged[charged.count - 1].start])
            let gone = charged.suffix(5).map { TraceID(high: 0, low: $0.trace) }
            try await database.write { _ = try TraceRemoval.removeTraces(gone, on: $0) }
            let before = try await usage.lastUses(ofModels: [1])
            #expect(before == [1: charged[charged.count - 6].start])
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test(
        "what a client calls its tokens cannot spoil sums",
        arguments: ["cache\0read", String(repeating: "x", count: 65)])
    func names(_ tokenType: String) async throws {
        let prices = ModelPrice(
            id: 1, name: "m", namePattern: "m",
            tokenPrices: [TokenPrice(tokenType: "input", isPrompt: true, dollarsPerMillion: 1)])
        let cost = try #require(
            PriceTable(builtIn: [prices]).cost(
                model: "m", provider: nil, startTime: 0, promptTokens: 9, completionTokens: 0,
                details: [TokenDetail(type: tokenType, isPrompt: true, count: .max)]))
        let charge = try #require(cost.entries.map(TokenCharge.init).first)
        #expect(charge.tokenType == "input" && charge.tokens == 1_000_000_000)
    }
}
