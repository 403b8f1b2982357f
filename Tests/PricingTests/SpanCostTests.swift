import Domain
import Pricing
import Testing

@Suite struct SpanCostTests {
    private let table = PriceTable()

    private func cost(
        _ model: String, provider: String? = nil, prompt: Int64, completion: Int64, _ details: [TokenDetail] = []
    ) -> SpanCost? {
        table.cost(
            model: model, provider: provider, startTime: 1_750_000_000_000_000_000, promptTokens: prompt,
            completionTokens: completion, details: details)
    }

    private func rows(_ cost: SpanCost?) -> [String] {
        (cost?.entries ?? []).map { "\($0.isPrompt ? "prompt" : "completion") \($0.tokenType) \($0.tokens) \($0.cost)" }
    }

    @Test func inputAndOutputAreChargedByTheToken() {
        // gpt-4o: 2.50 and 10 dollars a million.
        let cost = cost("gpt-4o", prompt: 1000, completion: 200)
        #expect(cost?.promptCost == 2_500_000)
        #expect(cost?.completionCost == 2_000_000)
        #expect(rows(cost) == ["prompt input 1000 2500000", "completion output 200 2000000"])
        #expect(cost?.entries.first?.dollarsPerMillion == 2.5)
    }

    @Test func detailsHaveTheirOwnPricesAndTheRestIsInputOrOutput() {
        // gpt-4o: cached input 1.25. Reasoning has no price of its own, so it is output.
        let cost = cost(
            "gpt-4o", prompt: 1000, completion: 200,
            [
                TokenDetail(type: "cache_read", isPrompt: true, count: 600),
                TokenDetail(type: "reasoning", isPrompt: false, count: 150),
            ])
        #expect(
            rows(cost) == [
                "prompt cache_read 600 750000", "prompt input 400 1000000", "completion reasoning 150 1500000",
                "completion output 50 500000",
            ])
        #expect(cost?.promptCost == 1_750_000)
        #expect(cost?.completionCost == 2_000_000)
    }

    @Test func aTypesPriceCountsOnItsOwnSideOnly() {
        // gpt-4o-audio-preview: audio 40 in, 80 out; text 2.50 and 10.
        let cost = cost(
            "gpt-4o-audio-preview", prompt: 10, completion: 10,
            [
                TokenDetail(type: "audio", isPrompt: true, count: 10),
                TokenDetail(type: "audio", isPrompt: false, count: 4),
            ])
        #expect(rows(cost) == ["prompt audio 10 400000", "completion audio 4 320000", "completion output 6 60000"])
    }

    @Test func detailsBeyondTheTotalLeaveNoRest() {
        let cost = cost(
            "gpt-4o", prompt: 100, completion: 0,
            [
                TokenDetail(type: "cache_read", isPrompt: true, count: 80),
                TokenDetail(type: "other", isPrompt: true, count: 80),
                TokenDetail(type: "none", isPrompt: true, count: 0),
            ])
        #expect(rows(cost) == ["prompt cache_read 80 100000", "prompt other 80 200000"])
    }

    @Test func inputInTheDetailsAndTheRestAreOneRow() {
        let cost = cost("gpt-4o", prompt: 100, completion: 0, [TokenDetail(type: "input", isPrompt: true, count: 30)])
        #expect(rows(cost) == ["prompt input 100 250000"])
    }

    @Test func longPromptsChangeThePriceOfAllTokens() {
        // claude-sonnet-4-5: 3 and 15, above 200,000 tokens of prompt 6 and 22.50; cache reads 0.30, then 0.60.
        #expect(
            rows(cost("claude-sonnet-4-5", prompt: 200_000, completion: 10))
                == ["prompt input 200000 600000000", "completion output 10 150000"])
        #expect(
            rows(
                cost(
                    "claude-sonnet-4-5", prompt: 200_001, completion: 10,
                    [TokenDetail(type: "cache_read", isPrompt: true, count: 200_000)]))
                == ["prompt cache_read 200000 120000000", "prompt input 1 6000", "completion output 10 225000"])
    }

    @Test func noTokensCostNothingAndAnUnknownModelHasNoCost() {
        #expect(cost("gpt-4o", prompt: 0, completion: 0)?.promptCost == 0)
        #expect(rows(cost("gpt-4o", prompt: 0, completion: -5)) == [])
        #expect(cost("no-such-model", prompt: 10, completion: 10) == nil)
    }

    @Test func halfNanoDollarsAreRounded() {
        let table = PriceTable(
            builtIn: [],
            own: [
                ModelPrice(
                    id: 1, name: "m", namePattern: "m",
                    tokenPrices: [TokenPrice(tokenType: "input", isPrompt: true, dollarsPerMillion: 0.0375)])
            ])
        let cost = table.cost(
            model: "m", provider: nil, startTime: 0, promptTokens: 1, completionTokens: 3, details: [])
        #expect(cost?.promptCost == 38)
        // Without a price for `output` the completion costs nothing.
        #expect(cost?.completionCost == 0)
    }

    @Test func absurdPricesAndCountsDoNotOverflow() {
        let table = PriceTable(
            builtIn: [],
            own: [
                ModelPrice(
                    id: 1, name: "m", namePattern: "m",
                    tokenPrices: [
                        TokenPrice(tokenType: "input", isPrompt: true, dollarsPerMillion: 1e300),
                        TokenPrice(tokenType: "output", isPrompt: false, dollarsPerMillion: .nan),
                    ])
            ])
        let details = (0..<100).map { TokenDetail(type: "t\($0)", isPrompt: true, count: .max) }
        let cost = table.cost(
            model: "m", provider: nil, startTime: 0, promptTokens: .max, completionTokens: .max,
            details: details + details)
        #expect(cost?.promptCost == 100_000_000_000_000_000)
        #expect(cost?.completionCost == 0)
    }
}
