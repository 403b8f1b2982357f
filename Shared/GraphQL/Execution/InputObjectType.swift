/// An input object; resolvers read it as a type that is `InputObjectDecodable` (October 2021, 3.10).
public struct InputObjectType: TypeDeclaration {
    public let name: String
    private let summary: String?
    private let fields: [SchemaInputValue]
    private let isOneOf: Bool

    /// - Parameter isOneOf: whether exactly one of the fields is given, and is not null (September 2025, 3.10.1).
    public init(_ name: String, description: String? = nil, isOneOf: Bool = false, fields: [SchemaInputValue]) {
        self.name = name
        summary = description
        self.fields = fields
        self.isOneOf = isOneOf
    }

    public func declared() -> DeclaredType {
        DeclaredType(
            type: SchemaType(
                kind: .inputObject, name: name, description: summary, inputFields: fields, isOneOf: isOneOf))
    }
}
