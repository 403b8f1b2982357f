import Domain
import GraphQL
import Storage

/// What spans cost.
enum CostTypes {
    static let part = APISchema.Part(types: [breakdown, summary, entry])

    private struct Breakdown: Sendable {
        /// Nil where there is nothing to add up.
        var tokens: Double?
        /// Nano-dollars; nil where none of the tokens has a price.
        var cost: Int64?

        init(tokens: Int64, cost: Int64?) {
            let isNothing = tokens == 0 && (cost ?? 0) == 0
            self.tokens = isNothing ? nil : Double(tokens)
            self.cost = isNothing ? nil : cost
        }
    }

    private static let breakdown: Object<Breakdown> = ObjectType(
        "CostBreakdown", description: "Tokens and their price."
    ) { type in
        type.field("tokens", .float, description: "How many there are, those without a price included.") { $0.tokens }
        type.field("cost", .float, description: "What they cost, in dollars; null where none has a price.") {
            $0.cost.map { Double($0) / 1e9 }
        }
    }

    private struct Summary: Sendable {
        var promptTokens: Int64
        var completionTokens: Int64
        var promptCost: Int64?
        var completionCost: Int64?
    }

    private static let summary: Object<Summary> = ObjectType(
        "SpanCostSummary", description: "What spans cost by direction."
    ) { type in
        type.field("prompt", .nonNull(.named("CostBreakdown")), description: "What was sent to models.") {
            breakdown(Breakdown(tokens: $0.promptTokens, cost: $0.promptCost))
        }
        type.field("completion", .nonNull(.named("CostBreakdown")), description: "What models answered.") {
            breakdown(Breakdown(tokens: $0.completionTokens, cost: $0.completionCost))
        }
        type.field("total", .nonNull(.named("CostBreakdown")), description: "Both together.") {
            let isPriced = $0.promptCost != nil || $0.completionCost != nil
            let cost = ($0.promptCost ?? 0) + ($0.completionCost ?? 0)
            return breakdown(
                Breakdown(tokens: $0.promptTokens + $0.completionTokens, cost: isPriced ? cost : nil))
        }
    }

    /// Of many spans.
    static func summary(_ totals: SpanTotals) -> OutputValue {
        summary(
            Summary(
                promptTokens: totals.promptTokens, completionTokens: totals.completionTokens,
                promptCost: totals.promptCost, completionCost: totals.completionCost))
    }

    /// Of one span: null where it called no model, or one that took no tokens.
    static func summary(of span: SpanSummary) -> OutputValue {
        let sums = Summary(
            promptTokens: span.skeleton.promptTokens ?? 0, completionTokens: span.skeleton.completionTokens ?? 0,
            promptCost: span.promptCost, completionCost: span.completionCost)
        let hasAny = sums.promptTokens != 0 || sums.completionTokens != 0
        return hasAny && (span.hasPrice || span.calledModel) ? summary(sums) : .null
    }

    private struct Entry: Sendable {
        var charge: TokenCharge
        var hasPrice = true
    }

    private static let entry: Object<Entry> = ObjectType(
        "SpanCostDetailSummaryEntry", description: "What tokens of one kind cost."
    ) { type in
        type.field("tokenType", .nonNull(.string), description: "Such as input, output or cache_read.") {
            $0.charge.tokenType
        }
        type.field("isPrompt", .nonNull(.boolean), description: "Whether they were sent to a model.") {
            $0.charge.isPrompt
        }
        type.field("value", .nonNull(.named("CostBreakdown")), description: "How many, and their price.") {
            breakdown(Breakdown(tokens: $0.charge.tokens, cost: $0.hasPrice ? $0.charge.cost : nil))
        }
    }

    static func entries(_ charges: [TokenCharge]) -> OutputValue { entry(charges.map { Entry(charge: $0) }) }

    /// The tokens of a span whose model has no price, by type, as its attributes tell them apart.
    static func unpricedEntries(of span: SpanSummary, attributes: [UInt8]) -> OutputValue {
        let prompt = unpriced(span.skeleton.promptTokens, "prompt_details", "input", attributes)
        let completion = unpriced(span.skeleton.completionTokens, "completion_details", "output", attributes)
        let charges =
            prompt.map { TokenCharge(tokenType: $0.key, isPrompt: true, tokens: $0.value, cost: 0) }
            + completion.map { TokenCharge(tokenType: $0.key, isPrompt: false, tokens: $0.value, cost: 0) }
        return entry(charges.map { Entry(charge: $0, hasPrice: false) })
    }

    /// Counts by type, and as `rest` what they leave of the total.
    private static func unpriced(
        _ total: Int64?, _ details: String, _ rest: String, _ attributes: [UInt8]
    ) -> [(key: String, value: Int64)] {
        var counts = StoredJSON.counts(at: ["llm", "token_count", details], in: attributes)
        var left = total ?? 0
        for count in counts.values { left = max(left.subtractingReportingOverflow(count).partialValue, 0) }
        if left > 0 { counts[rest] = left.addingReportingOverflow(counts[rest] ?? 0).partialValue }
        return counts.sorted { $0.key < $1.key }
    }

    /// - Parameter details: of each span, JSON arrays as the writer stores them.
    static func entries(_ details: [[UInt8]]) -> OutputValue {
        var sums: [String: TokenCharge] = [:]
        for json in details {
            guard case .array(let elements) = ExactJSON.value(of: json) else { continue }
            for element in elements {
                guard case .text(let tokenType) = element["token_type"] else { continue }
                let isPrompt = element["is_prompt"] == .boolean(true)
                let key = "\(isPrompt ? 0 : 1) \(tokenType)"
                var sum = sums[key] ?? TokenCharge(tokenType: tokenType, isPrompt: isPrompt, tokens: 0, cost: 0)
                if case .integer(let tokens) = element["tokens"] { sum.tokens &+= tokens }
                if case .integer(let cost) = element["cost"] { sum.cost &+= cost }
                sums[key] = sum
            }
        }
        return entries(sums.sorted { $0.key < $1.key }.map(\.value))
    }
}

extension SpanSummary {
    fileprivate var hasPrice: Bool { promptCost != nil || completionCost != nil }

    /// Whether it called a model, be it one that nobody has a price for.
    var calledModel: Bool { skeleton.kind == SpanKind.llm.rawValue && skeleton.modelName != nil }
}
