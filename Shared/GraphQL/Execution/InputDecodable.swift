/// A Swift type that an argument, or a field of an input object, can be read as.
///
/// Values have been coerced to their declared types before (October 2021, 3.10 and 6.4.1): defaults are in place, enum
/// values exist, a list is a list. What is thrown becomes the error of the field.
public protocol InputDecodable: Sendable {
    init(graphQL value: InputValue) throws
}

/// An input object's Swift type, which reads its fields as a resolver reads arguments.
public protocol InputObjectDecodable: InputDecodable {
    init(fields: Arguments) throws
}

extension InputObjectDecodable {
    public init(graphQL value: InputValue) throws {
        guard case .object(let fields) = value else { throw InputDecodingError(value, as: Self.self) }
        try self.init(fields: Arguments(fields))
    }
}

/// A resolver reads an argument as a type that its declaration does not allow for: a mistake of the schema's author.
public struct InputDecodingError: Error, CustomStringConvertible {
    public let description: String

    public init(_ value: InputValue, as type: Any.Type) {
        description = "\(value.literal) cannot be read as \(type)"
    }
}

extension InputValue: InputDecodable {
    public init(graphQL value: InputValue) { self = value }
}

extension Bool: InputDecodable {
    public init(graphQL value: InputValue) throws {
        guard case .boolean(let boolean) = value else { throw InputDecodingError(value, as: Bool.self) }
        self = boolean
    }
}

extension Int: InputDecodable {
    public init(graphQL value: InputValue) throws {
        guard case .int(let number) = value, let int = Int(exactly: number) else {
            throw InputDecodingError(value, as: Int.self)
        }
        self = int
    }
}

extension Double: InputDecodable {
    public init(graphQL value: InputValue) throws {
        switch value {
        case .float(let number): self = number
        case .int(let number): self = Double(number)
        default: throw InputDecodingError(value, as: Double.self)
        }
    }
}

extension String: InputDecodable {
    public init(graphQL value: InputValue) throws {
        switch value {
        case .string(let text), .enumValue(let text): self = text
        default: throw InputDecodingError(value, as: String.self)
        }
    }
}

extension Optional: InputDecodable where Wrapped: InputDecodable {
    public init(graphQL value: InputValue) throws {
        self = value.isNull ? nil : try Wrapped(graphQL: value)
    }
}

extension Array: InputDecodable where Element: InputDecodable {
    public init(graphQL value: InputValue) throws {
        guard case .list(let items) = value else { throw InputDecodingError(value, as: Self.self) }
        self = try items.map { try Element(graphQL: $0) }
    }
}
