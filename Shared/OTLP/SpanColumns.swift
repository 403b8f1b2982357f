import Domain

/// The attributes of a span that become columns of its row, found while its attributes are gone through.
struct SpanColumns: ~Copyable {
    /// What becomes of an attribute.
    enum Verdict {
        case kept
        case dropped
    }

    struct TokenCount {
        var type: Bytes
        var isPrompt: Bool
        var count: Int64
    }

    /// A count that no model reaches is a mistake, and sums of such counts would overflow.
    private static let tokenCountMax = Int64(Int32.max)
    private static let detailsMax = 64

    private(set) var kind = AttributeValue.null
    private(set) var modelName = AttributeValue.null
    private(set) var embeddingModelName = AttributeValue.null
    private(set) var provider = AttributeValue.null
    private(set) var sessionID = AttributeValue.null
    private(set) var userID = AttributeValue.null
    var inputValue = AttributeValue.null
    private(set) var outputValue = AttributeValue.null
    private var promptTokens = AttributeValue.null
    private var completionTokens = AttributeValue.null
    private var details = Buffer<TokenCount>(capacity: 16)
    /// Whether keys below `input.value` make it an object or a list.
    private(set) var hasInputParts = false

    init() {}

    /// Empties it for the next span.
    mutating func reset() {
        kind = .null
        modelName = .null
        embeddingModelName = .null
        provider = .null
        sessionID = .null
        userID = .null
        inputValue = .null
        outputValue = .null
        promptTokens = .null
        completionTokens = .null
        details.truncate(to: 0)
        hasInputParts = false
    }

    /// Looks at one attribute, with its key in plain form: keeps the value of a column, turns token counts into numbers,
    /// and marks text that holds JSON.
    @inline(__always)
    mutating func take(_ attribute: inout Attribute) -> Verdict {
        let key = attribute.key
        guard let first = key.first, let last = key.last else { return .kept }
        switch first {
        case UInt8(ascii: "l"): takeLLM(&attribute)
        case UInt8(ascii: "i"): takeInput(attribute)
        case UInt8(ascii: "o"):
            if key.equals("output.value") { outputValue = attribute.value }
            if key.equals("openinference.span.kind") { kind = attribute.value }
        case UInt8(ascii: "s"): if key.equals("session.id") { sessionID = attribute.value }
        case UInt8(ascii: "u"): if key.equals("user.id") { userID = attribute.value }
        case UInt8(ascii: "e"): if key.equals("embedding.model_name") { embeddingModelName = attribute.value }
        default: break
        }
        guard attribute.value.kind == .text, last == UInt8(ascii: "a") || last == UInt8(ascii: "s") else {
            return .kept
        }
        return takeTextOfJSON(&attribute)
    }

    private mutating func takeInput(_ attribute: Attribute) {
        guard attribute.key.hasPrefix("input.value") else { return }
        if attribute.key.count == 11 {
            inputValue = attribute.value
        } else if attribute.key[11] == UInt8(ascii: ".") {
            hasInputParts = true
        }
    }

    private mutating func takeLLM(_ attribute: inout Attribute) {
        let key = attribute.key
        if key.hasPrefix("llm.token_count.") {
            takeTokenCount(&attribute)
        } else if key.equals("llm.model_name") {
            modelName = attribute.value
        } else if key.equals("llm.provider") {
            provider = attribute.value
        }
    }

    private mutating func takeTokenCount(_ attribute: inout Attribute) {
        let key = attribute.key.slice(16, attribute.key.count)
        if key.equals("prompt") {
            becomeInteger(&attribute.value)
            promptTokens = attribute.value
        } else if key.equals("completion") {
            becomeInteger(&attribute.value)
            completionTokens = attribute.value
        } else if key.equals("total") {
            becomeInteger(&attribute.value)
        } else if key.hasPrefix("prompt_details.") {
            takeDetail(key.slice(15, key.count), isPrompt: true, attribute.value)
        } else if key.hasPrefix("completion_details.") {
            takeDetail(key.slice(19, key.count), isPrompt: false, attribute.value)
        }
    }

    private func becomeInteger(_ value: inout AttributeValue) {
        if let number = value.wholeNumber { value = .integer(number) }
    }

    private mutating func takeDetail(_ type: Bytes, isPrompt: Bool, _ value: AttributeValue) {
        guard let number = value.wholeNumber, !type.contains(UInt8(ascii: ".")) else { return }
        let detail = TokenCount(type: type, isPrompt: isPrompt, count: number < 0 ? 0 : usable(number))
        for index in 0..<details.count where details[index].isPrompt == isPrompt && details[index].type.equals(type) {
            details[index] = detail
            return
        }
        if details.count < Self.detailsMax { details.append(detail) }
    }

    private func takeTextOfJSON(_ attribute: inout Attribute) -> Verdict {
        let key = attribute.key
        guard
            key.hasSuffix("metadata") || key.hasSuffix("tool.parameters")
                || key.hasSuffix("llm.prompt_template.variables")
        else { return .kept }
        if attribute.value.bytes.trimmed.equals("null") { return .dropped }
        attribute.value = AttributeValue(.textOfJSON, attribute.value.bytes)
        return .kept
    }

    private func usable(_ count: Int64) -> Int64 { (0...Self.tokenCountMax).contains(count) ? count : 0 }

    /// The span's kind by its attribute, in any case of letters.
    var spanKind: SpanKind {
        guard kind.isText, let first = kind.bytes.first, kind.bytes.count <= 9 else { return .unknown }
        // Most spans have it in capitals; the longest candidate list for one letter is two.
        switch first & 0xDF {
        case UInt8(ascii: "L"): return matches("LLM") ? .llm : .unknown
        case UInt8(ascii: "C"): return matches("CHAIN") ? .chain : .unknown
        case UInt8(ascii: "T"): return matches("TOOL") ? .tool : .unknown
        case UInt8(ascii: "A"): return matches("AGENT") ? .agent : .unknown
        case UInt8(ascii: "P"): return matches("PROMPT") ? .prompt : .unknown
        case UInt8(ascii: "G"): return matches("GUARDRAIL") ? .guardrail : .unknown
        case UInt8(ascii: "R"): return matches("RETRIEVER") ? .retriever : matches("RERANKER") ? .reranker : .unknown
        case UInt8(ascii: "E"): return matches("EMBEDDING") ? .embedding : matches("EVALUATOR") ? .evaluator : .unknown
        default: return .unknown
        }
    }

    private func matches(_ name: StaticString) -> Bool {
        let text = kind.bytes
        guard text.count == name.utf8CodeUnitCount else { return false }
        for position in 0..<text.count where text[position] & 0xDF != name.utf8Start[position] { return false }
        return true
    }

    /// The tokens of an LLM span; 0 where they are missing or unusable.
    func tokens(isPrompt: Bool) -> Int64 {
        usable((isPrompt ? promptTokens : completionTokens).wholeNumber ?? 0)
    }

    var tokenDetails: [TokenDetail] {
        (0..<details.count).map { index in
            let detail = details[index]
            return TokenDetail(
                type: String(decoding: detail.type, as: UTF8.self), isPrompt: detail.isPrompt, count: detail.count)
        }
    }
}

extension AttributeValue {
    /// The value as a whole number: numbers without their fraction, and text that is one. Not booleans.
    var wholeNumber: Int64? {
        switch kind {
        case .integer: integer
        case .double: Int64(exactly: double.rounded(.towardZero))
        case .text: Int64(String(decoding: bytes.trimmed, as: UTF8.self))
        default: nil
        }
    }
}
