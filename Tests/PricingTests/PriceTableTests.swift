import Domain
import Pricing
import Testing

@Suite struct PriceTableTests {
    private func model(
        _ id: Int64, _ pattern: String, provider: String? = nil, from startTime: Int64? = nil
    ) -> ModelPrice {
        ModelPrice(
            id: id, name: "model \(id)", namePattern: pattern, provider: provider, startTime: startTime,
            tokenPrices: [
                TokenPrice(tokenType: "input", isPrompt: true, dollarsPerMillion: 1),
                TokenPrice(tokenType: "output", isPrompt: false, dollarsPerMillion: 2),
            ])
    }

    private func id(
        _ table: PriceTable, _ name: String, provider: String? = nil, at time: Int64 = 1000
    ) -> Int64? {
        table.model(named: name, provider: provider, startTime: time)?.id
    }

    @Test func aPatternMustMatchTheWholeName() {
        let table = PriceTable(builtIn: [
            model(1, "gpt-4o"), model(2, "o[13]-(mini|pro)"), model(3, #"claude\.x"#), model(4, "a.c"),
        ])
        #expect(id(table, "gpt-4o") == 1)
        #expect(id(table, "gpt-4o-mini") == nil)
        #expect(id(table, "my-gpt-4o") == nil)
        #expect(id(table, "o3-mini") == 2)
        #expect(id(table, "o3-mini-2025") == nil)
        #expect(id(table, "claude.x") == 3)
        #expect(id(table, "claude-x") == nil)
        #expect(id(table, "abc") == 4)
        #expect(id(table, "GPT-4o") == nil)
        #expect(id(table, "") == nil)
    }

    @Test func anOwnModelWinsOverABuiltInOneHoweverSpecific() {
        let table = PriceTable(builtIn: [model(1, "gpt-4o", provider: "openai")], own: [model(7, "gpt-.*")])
        #expect(id(table, "gpt-4o", provider: "openai") == 7)
    }

    @Test func aModelOfTheSpansProviderWinsOverOneOfNone() {
        let table = PriceTable(builtIn: [
            model(1, "gpt-4o"), model(2, "gpt-.*", provider: "azure"), model(3, "gpt-4o", provider: "groq"),
        ])
        #expect(id(table, "gpt-4o", provider: "azure") == 2)
        #expect(id(table, "gpt-4o", provider: "openai") == 1)
        #expect(id(table, "gpt-4o") == 1)
    }

    @Test func aModelOfAnotherProviderIsNeverTaken() {
        let table = PriceTable(builtIn: [model(1, "llama", provider: "groq")])
        #expect(id(table, "llama", provider: "together") == nil)
        #expect(id(table, "llama") == 1)
    }

    @Test(arguments: [
        ("gpt-4o-mini", "gpt-4o.*"), ("gpt-4o.*", "gpt-.*"), ("gpt-.*", ".*"), ("gpt-4o-min.", "gpt-4o-mi.."),
        ("gpt-4o(-mini)", "gpt-4o(-mini)?"),
        ("gpt-4o-mini", "gpt-4o-mini|.*"), ("gpt-4o-[a-z]ini", "gpt-4o-.ini"), ("gpt-4o-[^x]+", "gpt-4.+"),
        (#"gpt-4o\-mini"#, #"gpt-\w{2}\-mini"#),
    ])
    func theMoreSpecificPatternWins(_ specific: String, _ general: String) {
        #expect(id(PriceTable(builtIn: [model(1, general), model(2, specific)]), "gpt-4o-mini") == 2)
        #expect(id(PriceTable(builtIn: [model(1, specific), model(2, general)]), "gpt-4o-mini") == 1)
    }

    @Test func theLatestThatHadStartedWins() {
        let table = PriceTable(builtIn: [], own: [model(1, "m"), model(2, "m", from: 100), model(3, "m", from: 200)])
        #expect(id(table, "m", at: 99) == 1)
        #expect(id(table, "m", at: 100) == 2)
        #expect(id(table, "m", at: 199) == 2)
        #expect(id(table, "m", at: 200) == 3)
    }

    @Test func theLowestBuiltInAndTheHighestOwnIDDecideLast() {
        #expect(id(PriceTable(builtIn: [model(5, "m"), model(4, "m"), model(6, "m")]), "m") == 4)
        #expect(id(PriceTable(builtIn: [], own: [model(5, "m"), model(6, "m"), model(4, "m")]), "m") == 6)
    }

    @Test func whatIsNoRegularExpressionMatchesNothing() {
        #expect(id(PriceTable(builtIn: [], own: [model(1, "gpt-(")]), "gpt-(") == nil)
        #expect(!PriceTable.isValidPattern("gpt-("))
        #expect(PriceTable.isValidPattern("gpt-(4|5).*"))
        for bounded in ["(us\\.|eu\\.)?claude-.*-v[0-9]+", "gpt-4o(-mini)?(@[a-z0-9]+)?", "a{2}\\*[*+(]+.*?"] {
            #expect(PriceTable.isValidPattern(bounded), "\(bounded)")
        }
        // Each would take longer than the universe lasts over a name such as aaaa…b.
        for endless in [
            "(a+)+", "(a|a)*", "(?:a*){3,}", "a*a*a*a*", "(a)\\1", String(repeating: "a", count: 1001),
        ] {
            #expect(!PriceTable.isValidPattern(endless), "\(endless)")
        }
    }

    @Test func namesWithoutEndAreNoModels() {
        #expect(id(PriceTable(builtIn: [model(1, ".*")]), String(repeating: "x", count: 600)) == nil)
    }

    @Test func manyNamesAndThreadsGetTheSameAnswers() async {
        let table = PriceTable(builtIn: [model(1, "m-[0-9]+"), model(2, "m-77")])
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<5000).allSatisfy {
                        table.model(named: "m-\($0)", provider: nil, startTime: 0)?.id == ($0 == 77 ? 2 : 1)
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
