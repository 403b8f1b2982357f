/// A schema with resolvers, built from declarations in Swift and checked as a whole (October 2021, 3.3).
///
/// `Context` is what the host gives to the resolvers of one request. Immutable; build it once.
public final class ExecutableSchema<Context: Sendable>: Sendable {
    /// The types as the validator, introspection and the printer see them.
    public let schema: Schema
    let runtime: RuntimeSchema

    /// - Parameters:
    ///   - types: every type that is not a root, in any order, and extensions of object types.
    ///   - fieldGuard: called before a field is resolved, once for all its parents of a level, with the names of its
    ///     type and itself; what it throws becomes the field's error. Meta-fields of the root are asked for too,
    ///     `__typename` and the fields of introspection's own types are not.
    ///   - presentError: makes an error of a resolver one for the client. Without it the text of a `GraphQLError` is
    ///     kept, and any other reads "an unexpected error occurred".
    /// - Throws: everything that is wrong with the types, not only the first mistake.
    public init(
        query: RootType<Context>, mutation: RootType<Context>? = nil, subscription: RootType<Context>? = nil,
        types: [any TypeDeclaration] = [], directives: [SchemaDirective] = [], description: String? = nil,
        fieldGuard: @escaping @Sendable (Context, _ typeName: String, _ fieldName: String) throws -> Void = { _, _, _ in
        },
        presentError: @escaping @Sendable (any Error, Context) -> GraphQLError = { error, _ in
            error as? GraphQLError ?? GraphQLError(message: "an unexpected error occurred")
        }
    ) throws(SchemaError) {
        let roots = [query, mutation, subscription].compactMap(\.self)
        var draft = SchemaDraft()
        for root in roots { draft.add(root.declared()) }
        for type in types { draft.add(type.declared()) }
        draft.checkContext(Context.self)
        schema = Schema(
            types: draft.mergedTypes(), directives: directives, queryTypeName: query.name,
            mutationTypeName: mutation?.name, subscriptionTypeName: subscription?.name, description: description)
        draft.check(schema)
        guard draft.problems.isEmpty else { throw SchemaError(problems: draft.problems) }
        runtime = RuntimeSchema(
            schema: schema, draft: draft,
            fieldGuard: { context, type, field in
                guard let context = context as? Context else { return }
                try fieldGuard(context, type, field)
            },
            presentError: { error, context in
                guard let context = context as? Context else {
                    return GraphQLError(message: "an unexpected error occurred")
                }
                return presentError(error, context)
            })
    }
}

/// Everything that keeps declarations from being a schema.
public struct SchemaError: Error, CustomStringConvertible {
    /// One sentence each, naming the type and field.
    public let problems: [String]

    public var description: String { problems.joined(separator: "\n") }
}
