import Foundation
import HTTP

/// The members of an object in a request's body, by what they must be. Everything throws `ValidationError`.
struct BodyFields {
    let path: [ValidationError.Step]
    private let value: JSONValue

    init(_ value: JSONValue, at path: [ValidationError.Step]) {
        self.value = value
        self.path = path
    }

    /// Whether it is there, be it null.
    func has(_ name: String) -> Bool { value[name] != nil }

    func text(_ name: String) throws -> String {
        guard let text = try optionalText(name) else { throw missing(name) }
        return text
    }

    func optionalText(_ name: String) throws -> String? {
        switch value[name] {
        case nil, .null?: return nil
        case .text(let text)?: return text
        default: throw error(name, "Input should be a valid string")
        }
    }

    func optionalNumber(_ name: String) throws -> Double? {
        switch value[name] {
        case nil, .null?: return nil
        case let number?:
            guard let real = number.real, real.isFinite else { throw error(name, "Input should be a valid number") }
            return real
        }
    }

    /// From 0 to what a position may reasonably be.
    func wholeNumber(_ name: String) throws -> Int64 {
        guard let number = value[name] else { throw missing(name) }
        guard let real = number.real, let whole = Int64(exactly: real), (0...Int64(Int32.max)).contains(whole) else {
            throw error(name, "Input should be a valid integer from 0 on")
        }
        return whole
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws -> Choice where Choice.RawValue == String {
        guard let choice = try optionalChoice(name, type) else { throw missing(name) }
        return choice
    }

    func optionalChoice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = try optionalText(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw error(name, "Input should be one of \(choices)")
        }
        return choice
    }

    func object(_ name: String) throws -> BodyFields? {
        switch value[name] {
        case nil, .null?: return nil
        case .object(let fields)?: return BodyFields(.object(fields), at: path + [.key(name)])
        default: throw error(name, "Input should be a valid dictionary")
        }
    }

    /// An object as its JSON text.
    func objectText(_ name: String) throws -> String? {
        guard let fields = try object(name) else { return nil }
        var json = JSONWriter()
        json.value(fields.value)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    func list(_ name: String) throws -> [JSONValue] {
        guard let list = try optionalList(name) else { throw missing(name) }
        return list
    }

    func optionalList(_ name: String) throws -> [JSONValue]? {
        switch value[name] {
        case nil, .null?: return nil
        case .array(let elements)?: return elements
        default: throw error(name, "Input should be a valid list")
        }
    }

    func texts(_ name: String) throws -> [String] {
        try list(name).enumerated().map { index, element in
            guard case .text(let text) = element else {
                throw ValidationError(path + [.key(name), .index(index)], "Input should be a valid string")
            }
            return text
        }
    }

    func missing(_ name: String) -> ValidationError { error(name, "Field required") }

    func error(_ name: String, _ message: String) -> ValidationError {
        ValidationError(path + [.key(name)], message)
    }
}

extension BodyFields {
    /// The object of a request's body. Throws `ValidationError` for what is none.
    init(body bytes: [UInt8]) throws {
        // The decoder is the one that knows well-formed JSON from other text.
        guard (try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))) != nil,
            let value = ExactJSON.value(of: bytes)
        else { throw ValidationError([.key("body")], "Input is not valid JSON") }
        guard case .object = value else {
            throw ValidationError([.key("body")], "Input should be a valid dictionary")
        }
        self.init(value, at: [.key("body")])
    }

    /// The objects of a list. Throws `ValidationError` where it is missing or another value is in it.
    func objects(_ name: String) throws -> [BodyFields] {
        try list(name).enumerated().map { index, element in
            let place = path + [.key(name), .index(index)]
            guard case .object = element else { throw ValidationError(place, "Input should be a valid dictionary") }
            return BodyFields(element, at: place)
        }
    }
}
