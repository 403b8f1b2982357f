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
                    modelID: $0.modelID, promptCost: $0.promptCost, completionCost: $0.completionCost,
                    charges: $0.entries.map(TokenCharge.init))
            }
        }
    }
}
