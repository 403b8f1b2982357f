/// An interface: fields that its object types share; their resolvers are those of the object types (October 2021, 3.7).
public struct InterfaceType: TypeDeclaration {
    public let name: String
    private let summary: String?
    private let interfaces: [String]
    private let fields: [SchemaField]

    public init(
        _ name: String, description: String? = nil, implements interfaces: [String] = [], fields: [SchemaField]
    ) {
        self.name = name
        summary = description
        self.interfaces = interfaces
        self.fields = fields
    }

    public func declared() -> DeclaredType {
        DeclaredType(
            type: SchemaType(
                kind: .interface, name: name, description: summary, fields: fields, interfaces: interfaces))
    }
}

extension SchemaField {
    /// A field of an interface.
    public static func field(
        _ name: String, _ type: WrappedType, description: String? = nil, arguments: [SchemaInputValue] = [],
        deprecated: String? = nil
    ) -> SchemaField {
        SchemaField(
            name: name, description: description, arguments: arguments, type: type, deprecationReason: deprecated)
    }
}
