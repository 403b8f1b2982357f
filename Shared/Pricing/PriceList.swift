/// Reads the price list in its own compact form (see `BuiltInPrices.swift`).
enum PriceList {
    private static let types: [Character: (tokenType: String, isPrompt: Bool)] = [
        "i": ("input", true), "r": ("cache_read", true), "w": ("cache_write", true), "a": ("audio", true),
        "o": ("output", false), "A": ("audio", false),
    ]

    /// The models of the list, numbered from 1. A line or a price that cannot be read is left out.
    static func models(_ list: String) -> [ModelPrice] {
        list.split(separator: "\n").enumerated().compactMap { model(id: Int64($0 + 1), $1) }
    }

    private static func model(id: Int64, _ line: Substring) -> ModelPrice? {
        let fields = line.split(separator: " ")
        guard fields.count > 3 else { return nil }
        return ModelPrice(
            id: id, name: String(fields[0]), namePattern: pattern(fields[1], name: fields[0]),
            provider: fields[2] == "-" ? nil : String(fields[2]), tokenPrices: prices(fields[3...]))
    }

    private static func pattern(_ field: Substring, name: Substring) -> String {
        switch field {
        case "=": literal(name)
        case "/": literal(name.drop { $0 != "/" }.dropFirst())
        default: String(field)
        }
    }

    /// The pattern of one name: a dot is a dot.
    private static func literal(_ name: Substring) -> String {
        name.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.")
    }

    private static func prices(_ fields: ArraySlice<Substring>) -> [TokenPrice] {
        var prices: [TokenPrice] = []
        var tokensAbove: Int64?
        for field in fields {
            if field.first == ">" {
                tokensAbove = Int64(field.dropFirst())
            } else if let type = field.first.flatMap({ types[$0] }), let dollars = Double(field.dropFirst(2)) {
                add(type, dollars, tokensAbove, to: &prices)
            }
        }
        return prices
    }

    private static func add(
        _ type: (tokenType: String, isPrompt: Bool), _ dollars: Double, _ tokensAbove: Int64?,
        to prices: inout [TokenPrice]
    ) {
        guard let tokensAbove else {
            prices.append(
                TokenPrice(tokenType: type.tokenType, isPrompt: type.isPrompt, dollarsPerMillion: dollars))
            return
        }
        let index = prices.firstIndex { $0.tokenType == type.tokenType && $0.isPrompt == type.isPrompt }
        if let index {
            prices[index].longPrompt = LongPromptPrice(tokensAbove: tokensAbove, dollarsPerMillion: dollars)
        }
    }
}
