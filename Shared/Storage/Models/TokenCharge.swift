import Domain
import Pricing

/// Tokens of one type that a span was charged for, as `spans.cost_details` keeps them: a JSON array of
/// `{"token_type", "is_prompt", "tokens", "cost"}`.
public struct TokenCharge: Sendable, Hashable {
    public var tokenType: String
    public var isPrompt: Bool
    public var tokens: Int64
    /// Nano-dollars.
    public var cost: Int64

    public init(tokenType: String, isPrompt: Bool, tokens: Int64, cost: Int64) {
        self.tokenType = tokenType
        self.isPrompt = isPrompt
        self.tokens = tokens
        self.cost = cost
    }

    init(_ entry: SpanCost.Entry) {
        self.init(
            tokenType: Self.isStorable(entry.tokenType) ? entry.tokenType : entry.isPrompt ? "input" : "output",
            isPrompt: entry.isPrompt, tokens: min(entry.tokens, Self.tokensMax), cost: entry.cost)
    }

    // A client may claim any number; sums of honest ones must not overflow because of one that lies.
    private static let tokensMax: Int64 = 1_000_000_000

    /// Types are named by clients; in the keys of sums they have to be short, and Postgres knows no NUL in text.
    private static func isStorable(_ tokenType: String) -> Bool {
        tokenType.utf8.count <= 64 && !tokenType.utf8.contains(0)
    }

    static func json(_ charges: [TokenCharge]) -> [UInt8] {
        var json: [UInt8] = []
        json.reserveCapacity(2 + 96 * charges.count)
        json.append(UInt8(ascii: "["))
        for (position, charge) in charges.enumerated() {
            if position > 0 { json.append(UInt8(ascii: ",")) }
            json.append(contentsOf: "{\"token_type\":".utf8)
            JSONEscaping.append(charge.tokenType, to: &json)
            // Piece by piece: putting them together in a string first takes three times as long.
            json.append(contentsOf: charge.isPrompt ? ",\"is_prompt\":true".utf8 : ",\"is_prompt\":false".utf8)
            json.append(contentsOf: ",\"tokens\":".utf8)
            json.append(contentsOf: String(charge.tokens).utf8)
            json.append(contentsOf: ",\"cost\":".utf8)
            json.append(contentsOf: String(charge.cost).utf8)
            json.append(UInt8(ascii: "}"))
        }
        json.append(UInt8(ascii: "]"))
        return json
    }
}
