import Domain
import Pricing

/// What spans cost by a table of models' prices.
public enum SpanCosting {
    /// For the span writer: by the prices of the moment.
    public static func by(_ prices: CurrentPrices) -> SpanWriter.Costing {
        { batch, span in
            guard span.kind == .llm, let model = batch.text(span.modelName) else { return nil }
            let cost = prices.table.cost(
                model: model, provider: batch.text(span.provider), startTime: span.startTime,
                promptTokens: span.promptTokens ?? 0, completionTokens: span.completionTokens ?? 0,
                details: span.tokenDetails)
            return cost.map {
                SpanCostColumns(
                    promptCost: $0.promptCost, completionCost: $0.completionCost, details: details($0.entries))
            }
        }
    }

    private static func details(_ entries: [SpanCost.Entry]) -> [UInt8] {
        var json: [UInt8] = [UInt8(ascii: "[")]
        for (position, entry) in entries.enumerated() {
            if position > 0 { json.append(UInt8(ascii: ",")) }
            json.append(contentsOf: "{\"token_type\":".utf8)
            JSONEscaping.append(entry.tokenType, to: &json)
            json.append(contentsOf: ",\"is_prompt\":\(entry.isPrompt),\"tokens\":\(entry.tokens)".utf8)
            json.append(contentsOf: ",\"cost\":\(entry.cost)}".utf8)
        }
        json.append(UInt8(ascii: "]"))
        return json
    }
}
