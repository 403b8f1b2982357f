/// Declarations on their way into a schema, and what is wrong with them.
struct SchemaDraft {
    private(set) var objects: [String: DeclaredType] = [:]
    private(set) var scalars: [String: ScalarHooks] = [:]
    private(set) var problems: [String] = []
    private var types: [DeclaredType] = []
    private var extensions: [DeclaredType] = []

    mutating func add(_ declared: DeclaredType) {
        if declared.isExtension { return extensions.append(declared) }
        guard !types.contains(where: { $0.type.name == declared.type.name }) else {
            return report("The type \(declared.type.name) is declared more than once.")
        }
        types.append(declared)
        if let hooks = declared.scalar { scalars[declared.type.name] = hooks }
        if declared.type.kind == .object { objects[declared.type.name] = declared }
    }

    mutating func report(_ problem: String) {
        problems.append(problem)
    }

    mutating func checkContext(_ expected: any Any.Type) {
        for declared in types + extensions {
            guard let type = declared.contextType, type != expected else { continue }
            report("\(declared.type.name) is declared for the context \(type), the schema's is \(expected).")
        }
    }

    /// The types in the order of declaration, extended object types with all their fields.
    mutating func mergedTypes() -> [SchemaType] {
        for declared in extensions {
            guard var base = objects[declared.type.name] else {
                report("\(declared.type.name) is extended, but the schema has no such object type.")
                continue
            }
            guard base.valueType == declared.valueType else {
                report("\(declared.type.name) is extended with another Swift type for its values.")
                continue
            }
            let type = base.type
            base.type = SchemaType(
                kind: .object, name: type.name, description: type.description,
                fields: type.fields + declared.type.fields, interfaces: type.interfaces + declared.type.interfaces)
            base.resolvers.merge(declared.resolvers) { first, _ in first }
            objects[type.name] = base
        }
        return types.map { objects[$0.type.name]?.type ?? $0.type }
    }
}
