/// Reads JSON that a decoder has taken already, and keeps what decoders lose: that 1.0 is no whole number. NUL, which the
/// databases cannot hold, becomes U+FFFD.
struct ExactJSON {
    private let json: [UInt8]
    private var position = 0

    /// Nil for what is no JSON.
    static func value(of json: [UInt8]) -> JSONValue? {
        var reader = ExactJSON(json: json)
        return reader.value(depth: 0)
    }

    /// The members of an object in the order in which they were written, each with its JSON; none for what is no object.
    static func members(of json: [UInt8]) -> [(key: String, value: [UInt8])] {
        var reader = ExactJSON(json: json)
        guard reader.next() == UInt8(ascii: "{") else { return [] }
        var members: [(String, [UInt8])] = []
        reader.position += 1
        while let byte = reader.next(), byte != UInt8(ascii: "}") {
            guard byte == UInt8(ascii: "\""), let key = reader.text(), reader.next() == UInt8(ascii: ":") else { break }
            reader.position += 1
            guard let value = reader.valueJSON() else { break }
            members.append((key, value))
        }
        return members
    }

    /// The JSON of an object's member; nil where there is none.
    static func member(_ key: String, of json: [UInt8]) -> [UInt8]? {
        members(of: json).last { $0.key == key }?.value
    }

    /// The JSON of an array's elements; none for what is no array.
    static func elements(of json: [UInt8]) -> [[UInt8]] {
        var reader = ExactJSON(json: json)
        guard reader.next() == UInt8(ascii: "[") else { return [] }
        var elements: [[UInt8]] = []
        reader.position += 1
        while let byte = reader.next(), byte != UInt8(ascii: "]"), let value = reader.valueJSON() {
            elements.append(value)
        }
        return elements
    }

    private static let depthMax = 200

    /// Passes a value and the comma behind it.
    private mutating func valueJSON() -> [UInt8]? {
        guard next() != nil else { return nil }
        let start = position
        guard value(depth: 0) != nil else { return nil }
        defer { if next() == UInt8(ascii: ",") { position += 1 } }
        return Array(json[start..<position])
    }

    private init(json: [UInt8]) {
        self.json = json
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < Self.depthMax, let first = next() else { return nil }
        switch first {
        case UInt8(ascii: "{"): return object(depth: depth + 1)
        case UInt8(ascii: "["): return array(depth: depth + 1)
        case UInt8(ascii: "\""): return text().map(JSONValue.text)
        default: return scalar()
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        var fields: [String: JSONValue] = [:]
        position += 1
        while let byte = next(), byte != UInt8(ascii: "}") {
            guard byte == UInt8(ascii: "\""), let key = text(), next() == UInt8(ascii: ":") else { return nil }
            position += 1
            guard let value = value(depth: depth) else { return nil }
            fields[key] = value
            if next() == UInt8(ascii: ",") { position += 1 }
        }
        position += 1
        return .object(fields)
    }

    private mutating func array(depth: Int) -> JSONValue? {
        var elements: [JSONValue] = []
        position += 1
        while let byte = next(), byte != UInt8(ascii: "]") {
            guard let value = value(depth: depth) else { return nil }
            elements.append(value)
            if next() == UInt8(ascii: ",") { position += 1 }
        }
        position += 1
        return .array(elements)
    }

    private mutating func text() -> String? {
        let start = position
        position += 1
        var isEscaped = false
        while position < json.count, json[position] != UInt8(ascii: "\"") {
            if json[position] == UInt8(ascii: "\\") {
                isEscaped = true
                position += 1
            }
            position += 1
        }
        guard position < json.count else { return nil }
        position += 1
        let quoted = json[start..<position]
        guard isEscaped else { return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self) }
        return JSONText.unescaped(quoted).replacing("\0", with: "\u{FFFD}")
    }

    private mutating func scalar() -> JSONValue? {
        let start = position
        while position < json.count, !",]}: \n\r\t".utf8.contains(json[position]) { position += 1 }
        let word = String(decoding: json[start..<position], as: UTF8.self)
        switch word {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: return Int64(word).map(JSONValue.integer) ?? Double(word).map(JSONValue.real)
        }
    }

    /// The next byte that is no white space; nil at the end.
    private mutating func next() -> UInt8? {
        while position < json.count, [0x20, 0x0A, 0x0D, 0x09].contains(json[position]) { position += 1 }
        return position < json.count ? json[position] : nil
    }
}

extension JSONValue {
    /// A member of an object, or nothing.
    subscript(key: String) -> JSONValue? {
        if case .object(let fields) = self { fields[key] } else { nil }
    }

    /// An element of an array, or nothing.
    subscript(index: Int) -> JSONValue? {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }
}
