import Pricing
import Testing

@Suite struct BuiltInPricesTests {
    private let models = ModelPrice.builtIn

    @Test func allOfTheListIsRead() {
        #expect(models.count == 277)
        #expect(models.map(\.id) == Array(1...277))
        #expect(Set(models.map(\.name)).count == 277)
        #expect(models.allSatisfy { PriceTable.isValidPattern($0.namePattern) })
        #expect(models.filter { $0.provider != nil }.count == 47)
        #expect(models.flatMap(\.tokenPrices).count == 823)
        #expect(models.flatMap(\.tokenPrices).filter { $0.longPrompt != nil }.count == 81)
        #expect(models.flatMap(\.tokenPrices).allSatisfy { $0.dollarsPerMillion > 0 })
    }

    @Test(
        arguments: [
            ("gpt-4o", nil, "gpt-4o"), ("gpt-4o-2024-08-06", "openai", "gpt-4o-2024-08-06"),
            ("gpt-35-turbo", "azure", "gpt-3.5-turbo"),
            ("gpt-3.5-turbo-0125", "openai", "gpt-3.5-turbo-0125"),
            ("anthropic.claude-3-haiku-20240307-v1:0", "aws", "claude-3-haiku-20240307"),
            ("gemini-2.5-pro@default", "google", "gemini-2.5-pro"),
            ("gpt-oss-120b", "cerebras", "cerebras/gpt-oss-120b"),
            ("openai/gpt-oss-120b", "groq", "groq/openai/gpt-oss-120b"),
            ("openai/gpt-oss-120b", "together", "together_ai/openai/gpt-oss-120b"),
            ("openai/gpt-oss-120b", "acme", nil),
        ] as [(String, String?, String?)])
    func namesOfSpansFindTheirModel(_ name: String, _ provider: String?, _ expected: String?) {
        #expect(PriceTable().model(named: name, provider: provider, startTime: 0)?.name == expected)
    }

    @Test func everyModelIsFoundByItsOwnName() {
        let table = PriceTable()
        for model in models where model.provider == nil {
            let name = model.namePattern.contains("|") ? nil : model.name
            guard let name, PriceTable(builtIn: [model]).model(named: name, provider: nil, startTime: 0) != nil else {
                continue
            }
            #expect(table.model(named: name, provider: nil, startTime: 0)?.name == model.name)
        }
    }
}
