/// What the tokens of a model cost, and which spans are the model's.
public struct ModelPrice: Sendable, Hashable {
    /// Among built-in models the lowest wins where all else is equal, among own ones the highest. Those of built-in models
    /// are below `firstOwnID`, so that no two models share one.
    public var id: Int64
    public var name: String
    /// A regular expression for the whole of a span's model name.
    public var namePattern: String
    /// The provider whose spans it is for; nil for any.
    public var provider: String?
    /// Nanoseconds since 1970-01-01T00:00:00Z from which on it counts; nil for always.
    public var startTime: Int64?
    /// At most one for each token type and side; `input` for the prompt and `output` for the completion stand in for
    /// types that have none of their own.
    public var tokenPrices: [TokenPrice]

    public init(
        id: Int64, name: String, namePattern: String, provider: String? = nil, startTime: Int64? = nil,
        tokenPrices: [TokenPrice]
    ) {
        self.id = id
        self.name = name
        self.namePattern = namePattern
        self.provider = provider
        self.startTime = startTime
        self.tokenPrices = tokenPrices
    }
}

extension ModelPrice {
    /// The least id that a model of people's own has.
    public static let firstOwnID: Int64 = 1_000_001

    /// When the built-in list was last compared with what its makers publish, in nanoseconds since 1970: 2026-11-01.
    public static let builtInSince: Int64 = 1_793_491_200_000_000_000

    public var isBuiltIn: Bool { id < Self.firstOwnID }
}

/// The price of one type of tokens.
public struct TokenPrice: Sendable, Hashable {
    /// `input`, `output`, `cache_read`, `cache_write`, `audio`, …
    public var tokenType: String
    /// Whether it is for tokens of the prompt; else for those of the completion.
    public var isPrompt: Bool
    /// Dollars for a million tokens.
    public var dollarsPerMillion: Double
    /// Another price for the tokens of long prompts.
    public var longPrompt: LongPromptPrice?

    public init(tokenType: String, isPrompt: Bool, dollarsPerMillion: Double, longPrompt: LongPromptPrice? = nil) {
        self.tokenType = tokenType
        self.isPrompt = isPrompt
        self.dollarsPerMillion = dollarsPerMillion
        self.longPrompt = longPrompt
    }

    /// The price for a span with so many tokens in its prompt.
    func dollarsPerMillion(promptTokens: Int64) -> Double {
        guard let longPrompt, promptTokens > longPrompt.tokensAbove else { return dollarsPerMillion }
        return longPrompt.dollarsPerMillion
    }
}

/// The price of all of a span's tokens where its prompt has more than so many (`llm.token_count.prompt`).
public struct LongPromptPrice: Sendable, Hashable {
    public var tokensAbove: Int64
    public var dollarsPerMillion: Double

    public init(tokensAbove: Int64, dollarsPerMillion: Double) {
        self.tokensAbove = tokensAbove
        self.dollarsPerMillion = dollarsPerMillion
    }
}
