/// How values and strings are written (October 2021, 2.9).
extension Value: CustomStringConvertible {
    /// The value in the document's notation.
    public var description: String {
        switch self {
        case .null: "null"
        case .boolean(let value, _): value ? "true" : "false"
        case .int(let text, _), .float(let text, _), .enumValue(let text, _): text
        case .string(let text, let block, _): block ? printedBlockString(text) : printedString(text)
        case .list(let values, _): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .object(let fields, _):
            "{" + fields.map { "\($0.name.text): \($0.value)" }.joined(separator: ", ") + "}"
        case .variable(let name, _): "$\(name)"
        }
    }
}

/// A string between quotes, with escapes for quotes, backslashes and control characters.
public func printedString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\u{8}": result += "\\b"
        case "\t": result += "\\t"
        case "\n": result += "\\n"
        case "\u{C}": result += "\\f"
        case "\r": result += "\\r"
        case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}":
            let digits = String(scalar.value, radix: 16, uppercase: true)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}

/// A block string, on lines of its own where that reads better.
public func printedBlockString(_ text: String) -> String {
    let escaped = escapingTripleQuotes(text)
    let lines = escaped.split(omittingEmptySubsequences: false) { $0.isNewline }
    let isSingleLine = lines.count == 1
    let startsWithSpace = { (line: Substring) in line.first == " " || line.first == "\t" }
    let needsLeadingLine = !isSingleLine && lines.dropFirst().allSatisfy { $0.isEmpty || startsWithSpace($0) }
    let endsWithTripleQuote = escaped.hasSuffix("\\\"\"\"")
    let needsTrailingLine = text.hasSuffix("\"") && !endsWithTripleQuote || text.hasSuffix("\\")
    let isSpread =
        !isSingleLine || text.unicodeScalars.count > 70 || needsTrailingLine || needsLeadingLine || endsWithTripleQuote
    let keepsLeadingSpace = isSingleLine && startsWithSpace(lines[0])
    let before = isSpread && !keepsLeadingSpace || needsLeadingLine ? "\n" : ""
    let after = isSpread || needsTrailingLine ? "\n" : ""
    return "\"\"\"\(before)\(escaped)\(after)\"\"\""
}

private func escapingTripleQuotes(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\"")) else { return text }
    var result = ""
    var quotes = 0
    for scalar in text.unicodeScalars {
        quotes = scalar == "\"" ? quotes + 1 : 0
        if quotes == 3 {
            result.unicodeScalars.removeLast(2)
            result += "\\\"\"\""
            quotes = 0
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}
