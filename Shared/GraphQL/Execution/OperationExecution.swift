extension ExecutableSchema {
    /// What keeps a document from being executed (October 2021, 5), literals of custom scalars included.
    public func validate(_ document: Document, limits: QueryLimits = QueryLimits()) -> [GraphQLError] {
        GraphQL.validate(document, schema: schema, limits: limits, objection: runtime.inputs.objection)
    }

    /// Executes a query or mutation of a document that has been validated (October 2021, 6.1 and 6.2).
    public func execute(
        _ document: Document, operationName: String? = nil, variables: [InputValue.ObjectField] = [],
        context: Context, limits: ExecutionLimits = ExecutionLimits()
    ) async -> GraphQLResponse {
        switch runtime.prepare(document, operationName, variables) {
        case .failure(let refusal): return GraphQLResponse(refusedWith: refusal.errors)
        case .success(let operation):
            return await runtime.respond(operation, context: context, limits: limits)
        }
    }
}

/// An operation with everything that is needed to execute it.
struct PreparedOperation: Sendable {
    let definition: OperationDefinition
    let scope: OperationScope
    let root: RuntimeObject
}

extension RuntimeSchema {
    /// Finds the operation and coerces its variables.
    func prepare(
        _ document: Document, _ operationName: String?, _ variables: [InputValue.ObjectField]
    ) -> Result<PreparedOperation, GraphQLErrors> {
        let operation: OperationDefinition
        do throws(GraphQLError) {
            operation = try document.operation(named: operationName)
        } catch {
            return .failure(GraphQLErrors(errors: [error]))
        }
        guard let root = rootObject(operation.kind) else {
            let message = "Schema is not configured to execute \(operation.kind.rawValue) operation."
            let location = document.source.location(of: operation.location)
            return .failure(GraphQLErrors(errors: [GraphQLError(message: message, locations: [location])]))
        }
        return inputs.variables(of: operation, given: variables, source: document.source).flatMap { values in
            let errors = NullConditions(document, operation, values).locations.map { location in
                GraphQLError(
                    message: "Argument 'if' of non-null type 'Boolean!' must not be null.",
                    locations: [document.source.location(of: location)])
            }
            guard errors.isEmpty else { return .failure(GraphQLErrors(errors: errors)) }
            let fragments = Dictionary(
                document.fragments.map { ($0.name.text, $0) }, uniquingKeysWith: { first, _ in first })
            let scope = OperationScope(document: document, schema: schema, fragments: fragments, variables: values)
            return .success(PreparedOperation(definition: operation, scope: scope, root: root))
        }
    }

    func respond(
        _ operation: PreparedOperation, context: any Sendable, limits: ExecutionLimits
    ) async -> GraphQLResponse {
        guard operation.definition.kind != .subscription else {
            return GraphQLResponse(refusedWith: [
                GraphQLError(message: "The operation is a subscription: its answers come as a stream of events.")
            ])
        }
        let group = ObjectGroup(type: operation.root, parents: Parents([RootValue()]), origin: nil)
        return await withTimeLimit(limits.timeMax) { [self] in
            let gate = ResolverGate(limits)
            let executor = Executor(runtime: self, scope: operation.scope, context: context, gate: gate)
            let outcome = await executor.execute(
                group, [operation.definition.selectionSet], serially: operation.definition.kind == .mutation)
            guard !gate.budget.isExceeded else { return GraphQLResponse(data: nil, errors: [gate.budget.error]) }
            return GraphQLResponse(data: outcome.result, errors: outcome.failures.reported())
        }
    }
}

extension Document {
    /// The operation to execute (October 2021, `GetOperation`).
    func operation(named name: String?) throws(GraphQLError) -> OperationDefinition {
        let operations = operations
        guard let name else {
            guard operations.count < 2 else {
                throw GraphQLError(message: "Must provide operation name if query contains multiple operations.")
            }
            guard let operation = operations.first else {
                throw GraphQLError(message: "Must provide an operation.")
            }
            return operation
        }
        guard let operation = operations.first(where: { $0.name?.text == name }) else {
            throw GraphQLError(message: "Unknown operation named '\(name)'.")
        }
        return operation
    }
}

/// The answer, or an error in its place where the time is over; the work is cancelled then, and waited for.
func withTimeLimit(
    _ limit: Duration?, _ body: @escaping @Sendable () async -> GraphQLResponse
) async -> GraphQLResponse {
    guard let limit else { return await body() }
    return await withTaskGroup(of: GraphQLResponse?.self) { group in
        group.addTask { await body() }
        group.addTask {
            try? await Task.sleep(for: limit)
            return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        let message = Task.isCancelled ? "The request was cancelled." : "The request took longer than \(limit)."
        return first ?? GraphQLResponse(data: nil, errors: [GraphQLError(message: message)])
    }
}
