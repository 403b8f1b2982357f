/// A union of object types, named because they may be declared anywhere (October 2021, 3.8).
public struct UnionType: TypeDeclaration {
    public let name: String
    private let summary: String?
    private let members: [String]

    public init(_ name: String, description: String? = nil, members: [String]) {
        self.name = name
        summary = description
        self.members = members
    }

    public func declared() -> DeclaredType {
        DeclaredType(type: SchemaType(kind: .union, name: name, description: summary, members: members))
    }
}
