import Domain

/// What a span's tokens cost, in whole nano-dollars, so that sums do not depend on their order.
public struct SpanCost: Sendable, Hashable {
    /// The tokens of one type.
    public struct Entry: Sendable, Hashable {
        public var tokenType: String
        public var isPrompt: Bool
        public var tokens: Int64
        /// Nano-dollars for all of them.
        public var cost: Int64
        /// What one of them costs.
        public var dollarsPerMillion: Double
    }

    /// Whose prices they are; see `ModelPrice.id`.
    public let modelID: Int64
    /// The sums of the entries' costs, in nano-dollars.
    public private(set) var promptCost: Int64 = 0
    public private(set) var completionCost: Int64 = 0
    /// One a token type and side that has tokens; first the prompt's, in the order of their counts.
    public private(set) var entries: [Entry] = []

    /// Counts that were sent by type are charged at their type's price, or else at `input` and `output`; so is what they
    /// leave of the total.
    init(model: ModelPrice, promptTokens: Int64, completionTokens: Int64, details: [TokenDetail]) {
        modelID = model.id
        for (isPrompt, total) in [(true, promptTokens), (false, completionTokens)] {
            var left = max(total, 0)
            for detail in details where detail.isPrompt == isPrompt && detail.count > 0 {
                add(detail.type, isPrompt, detail.count, model, promptTokens)
                left = max(left.subtractingReportingOverflow(detail.count).partialValue, 0)
            }
            if left > 0 { add(Self.plainType(isPrompt), isPrompt, left, model, promptTokens) }
        }
        promptCost = sum(isPrompt: true)
        completionCost = sum(isPrompt: false)
    }

    private static func plainType(_ isPrompt: Bool) -> String { isPrompt ? "input" : "output" }

    private mutating func add(
        _ tokenType: String, _ isPrompt: Bool, _ tokens: Int64, _ model: ModelPrice, _ promptTokens: Int64
    ) {
        let price =
            model.tokenPrices.first { $0.isPrompt == isPrompt && $0.tokenType == tokenType }
            ?? model.tokenPrices.first { $0.isPrompt == isPrompt && $0.tokenType == Self.plainType(isPrompt) }
        let rate = price?.dollarsPerMillion(promptTokens: promptTokens) ?? 0
        let known = entries.firstIndex { $0.isPrompt == isPrompt && $0.tokenType == tokenType }
        let (sum, overflows) = tokens.addingReportingOverflow(known.map { entries[$0].tokens } ?? 0)
        let counted = overflows ? .max : sum
        let entry = Entry(
            tokenType: tokenType, isPrompt: isPrompt, tokens: counted, cost: Self.nanoDollars(counted, rate),
            dollarsPerMillion: rate)
        if let known { entries[known] = entry } else { entries.append(entry) }
    }

    /// A million dollars for one span is a mistake in a price; without a bound, sums could overflow.
    private static let costMax = 1e15

    /// A dollar for a million tokens is a thousand nano-dollars for one.
    private static func nanoDollars(_ tokens: Int64, _ dollarsPerMillion: Double) -> Int64 {
        let cost = (Double(tokens) * dollarsPerMillion * 1000).rounded()
        return cost.isNaN ? 0 : Int64(min(max(cost, 0), costMax))
    }

    private func sum(isPrompt: Bool) -> Int64 {
        entries.lazy.filter { $0.isPrompt == isPrompt }.reduce(0) { $0 + $1.cost }
    }
}
