import GraphQL
import Storage

/// What spans cost.
enum CostTypes {
    static let part = APISchema.Part(types: [breakdown, summary, entry])

    private struct Breakdown: Sendable {
        var tokens: Double?
        /// Nano-dollars.
        var cost: Int64?
    }

    private static let breakdown: Object<Breakdown> = ObjectType(
        "CostBreakdown", description: "Tokens and their price."
    ) { type in
        type.field("tokens", .float, description: "How many there are.") { $0.tokens }
        type.field("cost", .float, description: "What they cost, in dollars.") { $0.cost.map { Double($0) / 1e9 } }
    }

    static let summary: Object<SpanTotals> = ObjectType(
        "SpanCostSummary", description: "What spans cost by direction."
    ) { type in
        type.field("prompt", .nonNull(.named("CostBreakdown")), description: "What was sent to models.") {
            breakdown(Breakdown(tokens: Double($0.promptTokens), cost: $0.promptCost))
        }
        type.field("completion", .nonNull(.named("CostBreakdown")), description: "What models answered.") {
            breakdown(Breakdown(tokens: Double($0.completionTokens), cost: $0.completionCost))
        }
        type.field("total", .nonNull(.named("CostBreakdown")), description: "Both together.") {
            breakdown(
                Breakdown(
                    tokens: Double($0.promptTokens + $0.completionTokens), cost: $0.promptCost + $0.completionCost))
        }
    }

    private static let entry: Object<TokenCharge> = ObjectType(
        "SpanCostDetailSummaryEntry", description: "What tokens of one kind cost."
    ) { type in
        type.field("tokenType", .nonNull(.string), description: "Such as input, output or cache_read.") {
            $0.tokenType
        }
        type.field("isPrompt", .nonNull(.boolean), description: "Whether they were sent to a model.") { $0.isPrompt }
        type.field("value", .nonNull(.named("CostBreakdown")), description: "How many, and their price.") {
            breakdown(Breakdown(tokens: Double($0.tokens), cost: $0.cost))
        }
    }

    static func entries(_ charges: [TokenCharge]) -> OutputValue { entry(charges) }

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
