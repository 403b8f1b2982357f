/// An object type with its resolvers (October 2021, 3.6).
///
/// ```swift
/// static let project: ObjectType<ProjectNode, RequestContext> = ObjectType("Project", implements: ["Node"]) { type in
///     type.field("name", .nonNull(.string)) { $0.name }
///     type.batched("traceCount", .nonNull(.int)) { projects, field in
///         try await field.context.traces.counts(of: projects.map(\.id))
///     }
/// }
/// ```
///
/// `Value` is what resolvers get as their parent. The closure runs when a schema is built, not before, so types may
/// refer to each other in circles; give such constants their type, for the compiler cannot infer it in circles.
public final class ObjectType<Value: Sendable, Context: Sendable>: TypeDeclaration {
    public typealias Fields = FieldList<Value, Context>

    public let name: String
    let summary: String?
    let interfaces: [String]
    let isExtension: Bool
    private let declareFields: @Sendable (inout Fields) -> Void

    public init(
        _ name: String, description: String? = nil, implements interfaces: [String] = [],
        fields: @escaping @Sendable (inout Fields) -> Void
    ) {
        self.name = name
        summary = description
        self.interfaces = interfaces
        isExtension = false
        declareFields = fields
    }

    private init(extending type: ObjectType, interfaces: [String], fields: @escaping @Sendable (inout Fields) -> Void) {
        name = type.name
        summary = nil
        self.interfaces = interfaces
        isExtension = true
        declareFields = fields
    }

    /// More fields of this type, declared in another file; to be put among the schema's types.
    public func extended(
        implements interfaces: [String] = [], fields: @escaping @Sendable (inout Fields) -> Void
    ) -> ObjectType {
        ObjectType(extending: self, interfaces: interfaces, fields: fields)
    }

    /// A value of this type, as a resolver answers it.
    public func callAsFunction(_ value: Value) -> OutputValue {
        .object(ObjectBox(typeName: name, value: value))
    }

    /// A value of this type, or null.
    public func callAsFunction(_ value: Value?) -> OutputValue {
        value.map { self($0) } ?? .null
    }

    /// A list of values of this type.
    public func callAsFunction(_ values: [Value]) -> OutputValue {
        .list(values.map { self($0) })
    }

    public func declared() -> DeclaredType {
        var fields = Fields()
        declareFields(&fields)
        let type = SchemaType(
            kind: .object, name: name, description: summary, fields: fields.definitions, interfaces: interfaces)
        return DeclaredType(
            type: type, resolvers: fields.resolvers,
            makeColumn: { boxes in
                var values: [Value] = []
                values.reserveCapacity(boxes.count)
                for box in boxes {
                    guard let box = box as? ObjectBox<Value> else { return nil }
                    values.append(box.value)
                }
                return Parents(values)
            }, isExtension: isExtension, contextType: Context.self,
            valueType: Value.self)
    }
}

/// The parent of the root types' fields (October 2021, 6.2).
public struct RootValue: Sendable {
    public init() {}
}

/// The type of a root of operations.
public typealias RootType<Context: Sendable> = ObjectType<RootValue, Context>
