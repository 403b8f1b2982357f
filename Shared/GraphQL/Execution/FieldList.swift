/// The fields of an object type as they are declared, each with its resolver.
///
/// What resolves a field from its parent alone is inlinable: there are as many calls of it as values in an answer.
public struct FieldList<Value: Sendable, Context: Sendable> {
    private(set) var definitions: [SchemaField] = []
    private(set) var resolvers: [String: FieldResolver] = [:]

    init() {}

    @usableFromInline mutating func add(_ definition: SchemaField, _ resolver: FieldResolver) {
        definitions.append(definition)
        resolvers[definition.name] = resolver
    }

    /// A field that follows from its parent alone.
    @inlinable
    public mutating func field<Output: OutputConvertible>(
        _ name: String, _ type: WrappedType, description: String? = nil, arguments: [SchemaInputValue] = [],
        deprecated: String? = nil, _ resolve: @escaping @Sendable (Value) throws -> Output
    ) {
        add(
            SchemaField(
                name: name, description: description, arguments: arguments, type: type, deprecationReason: deprecated),
            .sync { parents, _ in
                values(parents).map { parent in .catching { try resolve(parent).graphQLOutput } }
            })
    }

    /// A field that follows from its parent, its arguments and the context, without waiting for anything.
    @inlinable
    public mutating func field<Output: OutputConvertible>(
        _ name: String, _ type: WrappedType, description: String? = nil, arguments: [SchemaInputValue] = [],
        deprecated: String? = nil, _ resolve: @escaping @Sendable (Value, FieldContext<Context>) throws -> Output
    ) {
        add(
            SchemaField(
                name: name, description: description, arguments: arguments, type: type, deprecationReason: deprecated),
            .sync { parents, info in
                let field = info.typed(Context.self)
                return values(parents).map { parent in .catching { try resolve(parent, field).graphQLOutput } }
            })
    }

    /// A field resolved by one call for all parents of a level. The answer has one entry for each parent, in their
    /// order; what is thrown is the error of all of them, an entry `.failure` that of one.
    public mutating func batched<Output: OutputConvertible & Sendable>(
        _ name: String, _ type: WrappedType, description: String? = nil, arguments: [SchemaInputValue] = [],
        deprecated: String? = nil,
        _ resolve: @escaping @Sendable ([Value], FieldContext<Context>) async throws -> [Output]
    ) {
        add(
            SchemaField(
                name: name, description: description, arguments: arguments, type: type, deprecationReason: deprecated),
            .async { parents, info in
                let parents: [Value] = values(parents)
                let field = info.typed(Context.self)
                return try await info.gate.run { try await resolve(parents, field).map(\.graphQLOutput) }
            })
    }

    /// A field resolved by one call for each parent, several at a time: for what has few parents, such as the roots.
    public mutating func asyncField<Output: OutputConvertible & Sendable>(
        _ name: String, _ type: WrappedType, description: String? = nil, arguments: [SchemaInputValue] = [],
        deprecated: String? = nil,
        _ resolve: @escaping @Sendable (Value, FieldContext<Context>) async throws -> Output
    ) {
        add(
            SchemaField(
                name: name, description: description, arguments: arguments, type: type, deprecationReason: deprecated),
            .async { parents, info in
                let field = info.typed(Context.self)
                return await concurrentMap(values(parents), atMost: info.gate.limit) { parent in
                    do {
                        return try await info.gate.run { try await resolve(parent, field).graphQLOutput }
                    } catch {
                        return .failure(error)
                    }
                }
            })
    }

    /// A field of the subscription type: its events, each of which is the field's value in one answer
    /// (October 2021, 6.2.3).
    public mutating func subscription<Events: AsyncSequence & Sendable>(
        _ name: String, _ type: WrappedType, description: String? = nil, arguments: [SchemaInputValue] = [],
        deprecated: String? = nil,
        _ subscribe: @escaping @Sendable (FieldContext<Context>) async throws -> Events
    ) where Events.Element: OutputConvertible {
        add(
            SchemaField(
                name: name, description: description, arguments: arguments, type: type, deprecationReason: deprecated),
            .stream { info in EventSource(try await subscribe(info.typed(Context.self))) })
    }

}

/// The parents as their Swift type, which is that of the object type they were collected for.
@inlinable
func values<Value: Sendable>(_ parents: any ParentColumn) -> [Value] {
    guard let parents = parents as? Parents<Value> else {
        preconditionFailure("parents of a field are \(Value.self), not \(type(of: parents))")
    }
    return parents.values
}

/// The closure's answers in the order of the items, with at most so many at work.
func concurrentMap<Item: Sendable, Output: Sendable>(
    _ items: [Item], atMost limit: Int, _ transform: @escaping @Sendable (Item) async -> Output
) async -> [Output] {
    if items.count == 1 { return [await transform(items[0])] }
    return await withTaskGroup(of: (Int, Output).self) { group in
        var outputs = [Output?](repeating: nil, count: items.count)
        var next = 0
        while next < min(items.count, max(1, limit)) {
            let position = next
            group.addTask { (position, await transform(items[position])) }
            next += 1
        }
        for await (position, output) in group {
            outputs[position] = output
            guard next < items.count else { continue }
            let following = next
            group.addTask { (following, await transform(items[following])) }
            next += 1
        }
        return outputs.compactMap(\.self)
    }
}
