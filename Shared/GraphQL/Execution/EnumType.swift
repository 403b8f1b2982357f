/// An enum (October 2021, 3.9).
public struct EnumType: TypeDeclaration {
    public let name: String
    private let summary: String?
    private let values: [SchemaEnumValue]

    public init(_ name: String, description: String? = nil, values: [SchemaEnumValue]) {
        self.name = name
        summary = description
        self.values = values
    }

    /// The cases of a Swift enum, in their order.
    public init<Value: GraphQLEnum>(
        _ name: String, _ type: Value.Type, description: String? = nil, descriptions: [Value: String] = [:],
        deprecated: [Value: String] = [:]
    ) where Value: Hashable {
        self.init(
            name, description: description,
            values: type.allCases.map { value in
                SchemaEnumValue(
                    name: value.rawValue, description: descriptions[value], deprecationReason: deprecated[value])
            })
    }

    public func declared() -> DeclaredType {
        DeclaredType(type: SchemaType(kind: .enum, name: name, description: summary, enumValues: values))
    }
}
