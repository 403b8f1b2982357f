import Domain

/// Reads pieces of the JSON that spans are stored with, without taking all of it apart.
enum StoredJSON {
    /// A text as what it stands for, any other value as its JSON; nil where nothing or null is there.
    static func text(at path: [String], in json: [UInt8]) -> String? {
        guard let value = AttributeFlattening.value(at: path, in: json), let first = value.first else { return nil }
        switch first {
        case UInt8(ascii: "\""):
            return value.contains(UInt8(ascii: "\\"))
                ? JSONText.unescaped(value) : String(decoding: value.dropFirst().dropLast(), as: UTF8.self)
        case UInt8(ascii: "n"): return nil
        default: return String(decoding: value, as: UTF8.self)
        }
    }

    /// How many elements an array has; nil where there is none.
    static func count(at path: [String], in json: [UInt8]) -> Int? {
        guard let value = AttributeFlattening.value(at: path, in: json),
            case .array(let elements) = ExactJSON.value(of: Array(value))
        else { return nil }
        return elements.count
    }

    /// The positive whole numbers of an object.
    static func counts(at path: [String], in json: [UInt8]) -> [String: Int64] {
        guard let value = AttributeFlattening.value(at: path, in: json),
            case .object(let fields) = ExactJSON.value(of: Array(value))
        else { return [:] }
        return fields.compactMapValues { field in
            if case .integer(let count) = field, count > 0 { count } else { nil }
        }
    }

    struct Event: Sendable {
        var name: String
        /// ISO 8601.
        var timestamp: String
        var attributes: [String: JSONValue]

        func text(_ key: String) -> String? {
            if case .text(let text) = attributes[key] { text } else { nil }
        }
    }

    static func events(_ json: [UInt8]) -> [Event] {
        guard case .array(let elements) = ExactJSON.value(of: json) else { return [] }
        return elements.compactMap { element in
            guard case .text(let name) = element["name"], case .text(let timestamp) = element["timestamp"] else {
                return nil
            }
            var attributes: [String: JSONValue] = [:]
            if case .object(let fields) = element["attributes"] { attributes = fields }
            return Event(
                name: name, timestamp: Timestamp.parseISO8601(timestamp).map { Timestamp.iso8601($0) } ?? timestamp,
                attributes: attributes)
        }
    }
}
