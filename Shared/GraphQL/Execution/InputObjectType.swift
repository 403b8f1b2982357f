/// An input object; resolvers read it as a type that is `InputObjectDecodable` (October 2021, 3.10).
public struct InputObjectType: TypeDeclaration {
    public let name: String
    private let summary: String?
    private let fields: [SchemaInputValue]

    public init(_ name: String, description: String? = nil, fields: [SchemaInputValue]) {
        self.name = name
        summary = description
        self.fields = fields
    }

    public func declared() -> DeclaredType {
        DeclaredType(type: SchemaType(kind: .inputObject, name: name, description: summary, inputFields: fields))
    }
}
