import Domain
import HTTP

/// Turns a stored attribute tree back into OpenInference's flat keys: `{"llm": {"model_name": "m"}}` becomes
/// `{"llm.model_name": "m"}`. An array with an object in it is taken apart, any other value stays whole.
///
/// It walks the JSON's bytes and copies values as they are, so numbers keep their digits.
struct AttributeFlattening {
    private let json: [UInt8]
    private var position = 0
    private var leaves: [(key: String, value: ArraySlice<UInt8>)] = []

    /// The keys and their values' JSON, in the order of the tree. `json` is an object that was written by Bennu.
    static func leaves(of json: [UInt8]) -> [(key: String, value: ArraySlice<UInt8>)] {
        var walk = AttributeFlattening(json: json)
        walk.object(prefix: "")
        return walk.leaves
    }

    /// One flat JSON object, without the one key.
    static func flattened(_ json: [UInt8], without omitted: String? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for leaf in leaves(of: json) where leaf.key != omitted {
                writer.key(leaf.key)
                writer.value(raw: leaf.value)
            }
        }
        return writer.bytes
    }

    /// The JSON of the value at the end of a path of keys; nil where there is none.
    static func value(at path: [String], in json: [UInt8]) -> ArraySlice<UInt8>? {
        var walk = AttributeFlattening(json: json)
        for key in path {
            guard walk.enter(key) else { return nil }
        }
        walk.skipSpace()
        let start = walk.position
        walk.skipValue()
        return json[start..<walk.position]
    }

    private init(json: [UInt8]) {
        self.json = json
    }

    /// Goes to the value of a key of the object that is next. Returns whether there is one.
    private mutating func enter(_ key: String) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        while position < json.count, !take(UInt8(ascii: "}")) {
            let isWanted = text() == key
            take(UInt8(ascii: ":"))
            if isWanted { return true }
            skipValue()
            take(UInt8(ascii: ","))
        }
        return false
    }

    private mutating func value(key: String) {
        skipSpace()
        guard position < json.count else { return }
        switch json[position] {
        case UInt8(ascii: "{"):
            object(prefix: key + ".")
        case UInt8(ascii: "[") where arrayHasObject(at: position):
            array(prefix: key + ".")
        default:
            let start = position
            skipValue()
            leaves.append((key, json[start..<position]))
        }
    }

    private mutating func object(prefix: String) {
        take(UInt8(ascii: "{"))
        while position < json.count, !take(UInt8(ascii: "}")) {
            let key = text()
            take(UInt8(ascii: ":"))
            value(key: prefix + key)
            take(UInt8(ascii: ","))
        }
    }

    private mutating func array(prefix: String) {
        take(UInt8(ascii: "["))
        var index = 0
        while position < json.count, !take(UInt8(ascii: "]")) {
            value(key: prefix + String(index))
            take(UInt8(ascii: ","))
            index += 1
        }
    }

    /// Whether an element of the array at `start` is itself an object.
    private func arrayHasObject(at start: Int) -> Bool {
        var walk = self
        walk.position = start
        walk.take(UInt8(ascii: "["))
        while walk.position < json.count, !walk.take(UInt8(ascii: "]")) {
            walk.skipSpace()
            if walk.position < json.count, json[walk.position] == UInt8(ascii: "{") { return true }
            walk.skipValue()
            walk.take(UInt8(ascii: ","))
        }
        return false
    }

    private mutating func text() -> String {
        skipSpace()
        let start = position
        skipText()
        let quoted = json[start..<position]
        guard quoted.contains(UInt8(ascii: "\\")) else {
            return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        }
        return JSONText.unescaped(quoted)
    }

    private mutating func skipValue() {
        skipSpace()
        var depth = 0
        repeat {
            guard position < json.count else { return }
            switch json[position] {
            case UInt8(ascii: "\""): skipText()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "): position += 1
            default: skipScalar()
            }
        } while depth > 0
    }

    private mutating func skipScalar() {
        let ends = ",]}: \n\r\t".utf8
        while position < json.count, !ends.contains(json[position]) { position += 1 }
    }

    private mutating func skipText() {
        position += 1
        while position < json.count, json[position] != UInt8(ascii: "\"") {
            position += json[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position = min(position + 1, json.count)
    }

    private mutating func skipSpace() {
        while position < json.count, [0x20, 0x0A, 0x0D, 0x09].contains(json[position]) { position += 1 }
    }

    @discardableResult
    private mutating func take(_ mark: UInt8) -> Bool {
        skipSpace()
        guard position < json.count, json[position] == mark else { return false }
        position += 1
        return true
    }
}
