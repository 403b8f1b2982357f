/// Values as error messages show them: strings in single quotes, long and deep ones cut short.
extension InputValue {
    var inspected: String { inspected(depth: 0) }

    private func inspected(depth: Int) -> String {
        switch self {
        case .null: return "None"
        case .boolean(let value): return value ? "True" : "False"
        case .int(let value): return String(value)
        case .float(let value): return "\(value)"
        case .string(let text), .enumValue(let text): return cut(quoted(text))
        case .list(let items):
            if items.isEmpty { return "[]" }
            if depth > 1 { return "[...]" }
            return "[" + elided(items.map { $0.inspected(depth: depth + 1) }) + "]"
        case .object(let fields):
            if fields.isEmpty { return "{}" }
            if depth > 1 { return "{...}" }
            let entries = fields.map { "\(cut(quoted($0.name))): \($0.value.inspected(depth: depth + 1))" }
            return "{" + elided(entries) + "}"
        }
    }
}

extension OutputValue {
    var inspected: String {
        switch self {
        case .object(let object): "<\(object.typeName)>"
        case .failure: "<error>"
        case .json: "<JSON>"
        default: plain.inspected
        }
    }

    /// The same as an input; what has no counterpart shows as its name.
    private var plain: InputValue {
        switch self {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .int(let value): .int(Int64(value))
        case .float(let value): .float(value)
        case .string(let text): .string(text)
        case .list(let items): .list(items.map(\.plain))
        case .map(let entries): .object(entries.map { InputValue.ObjectField($0.key, $0.value.plain) })
        case .object, .failure, .json: .string(inspected)
        }
    }
}

private func quoted(_ text: String) -> String {
    let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var result = quote
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\\": result += "\\\\"
        case "'" where quote == "'": result += "\\'"
        case "\0"..."\u{1F}", "\u{7F}": result += "\\x" + hexadecimal(scalar.value, digits: 2)
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + quote
}

/// The lowest hexadecimal digits of a number.
func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// Long texts lose their middle.
private func cut(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > 240 else { return text }
    return String(scalars.prefix(118)) + "..." + String(scalars.suffix(119))
}

/// Long lists lose their middle.
private func elided(_ items: [String]) -> String {
    guard items.count > 10 else { return items.joined(separator: ", ") }
    return (items.prefix(5) + ["..."] + items.suffix(4)).joined(separator: ", ")
}
