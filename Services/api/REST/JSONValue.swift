import HTTP

/// Any JSON value, as a client sent it.
enum JSONValue: Decodable, Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .real(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// As a number; nil for what is none.
    var real: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        default: nil
        }
    }
}

extension JSONWriter {
    /// Objects with their keys in order, so that equal values are equal texts.
    mutating func value(_ json: JSONValue) {
        switch json {
        case .null: null()
        case .boolean(let boolean): value(boolean)
        case .integer(let number): value(number)
        case .real(let number): value(number)
        case .text(let text): value(text)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object(let fields):
            object { json in
                for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
                    json.key(key)
                    json.value(value)
                }
            }
        }
    }
}
