/// A field's arguments, or an input object's fields, coerced and with defaults in place (October 2021, 6.4.1).
public struct Arguments: Sendable, Hashable {
    /// In the order of declaration; what was neither given nor has a default is missing.
    public let fields: [InputValue.ObjectField]

    public init(_ fields: [InputValue.ObjectField] = []) {
        self.fields = fields
    }

    /// The coerced value; nil where none was given and there is no default.
    public subscript(name: String) -> InputValue? { fields.value(named: name) }

    /// Whether a value was given or defaulted, be it null: tells `field: null` from a field left out.
    public func contains(_ name: String) -> Bool { self[name] != nil }

    /// The value as a Swift type; what is missing reads as null, so an optional type takes it.
    public func value<Value: InputDecodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        try Value(graphQL: self[name] ?? .null)
    }

    /// The value of an argument that is never null.
    public func int(_ name: String) throws -> Int { try value(name) }
    public func double(_ name: String) throws -> Double { try value(name) }
    public func bool(_ name: String) throws -> Bool { try value(name) }
    public func string(_ name: String) throws -> String { try value(name) }

    /// The value of an argument that may be null or missing.
    public func optionalInt(_ name: String) throws -> Int? { try value(name) }
    public func optionalDouble(_ name: String) throws -> Double? { try value(name) }
    public func optionalBool(_ name: String) throws -> Bool? { try value(name) }
    public func optionalString(_ name: String) throws -> String? { try value(name) }
}
