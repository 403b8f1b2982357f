/// A Swift value that resolvers may answer as it is.
public protocol OutputConvertible {
    var graphQLOutput: OutputValue { get }
}

extension OutputValue: OutputConvertible {
    @inlinable public var graphQLOutput: OutputValue { self }
}

extension String: OutputConvertible {
    @inlinable public var graphQLOutput: OutputValue { .string(self) }
}

extension Bool: OutputConvertible {
    @inlinable public var graphQLOutput: OutputValue { .boolean(self) }
}

extension Double: OutputConvertible {
    @inlinable public var graphQLOutput: OutputValue { .float(self) }
}

extension Int: OutputConvertible {
    @inlinable public var graphQLOutput: OutputValue { .int(self) }
}

extension Int32: OutputConvertible {
    @inlinable public var graphQLOutput: OutputValue { .int(Int(self)) }
}

extension Int64: OutputConvertible {
    @inlinable public var graphQLOutput: OutputValue { .int(Int(self)) }
}

extension Optional: OutputConvertible where Wrapped: OutputConvertible {
    @inlinable public var graphQLOutput: OutputValue { self?.graphQLOutput ?? .null }
}

extension Array: OutputConvertible where Element: OutputConvertible {
    @inlinable public var graphQLOutput: OutputValue { .list(map(\.graphQLOutput)) }
}

extension Result: OutputConvertible where Success: OutputConvertible {
    /// A failure is one of this value alone.
    @inlinable public var graphQLOutput: OutputValue {
        switch self {
        case .success(let value): value.graphQLOutput
        case .failure(let error): .failure(error)
        }
    }
}

/// A Swift enum that is an enum of the schema: its raw values are the names of the enum's values.
public protocol GraphQLEnum: RawRepresentable<String>, CaseIterable, Sendable, OutputConvertible, InputDecodable {}

extension GraphQLEnum {
    @inlinable public var graphQLOutput: OutputValue { .string(rawValue) }

    public init(graphQL value: InputValue) throws {
        guard case .enumValue(let name) = value, let found = Self(rawValue: name) else {
            throw InputDecodingError(value, as: Self.self)
        }
        self = found
    }
}
