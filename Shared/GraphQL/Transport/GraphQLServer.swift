/// Answers requests: parses, validates and measures the document, or finds it in the cache, and executes it.
public final class GraphQLServer<Context: Sendable>: Sendable {
    public let schema: ExecutableSchema<Context>
    private let parseLimits: ParseLimits
    private let queryLimits: QueryLimits
    private let executionLimits: ExecutionLimits
    private let cache: DocumentCache

    public init(
        schema: ExecutableSchema<Context>, parseLimits: ParseLimits = ParseLimits(),
        queryLimits: QueryLimits = QueryLimits(), executionLimits: ExecutionLimits = ExecutionLimits(),
        cacheBytesMax: Int = 8 << 20
    ) {
        self.schema = schema
        self.parseLimits = parseLimits
        self.queryLimits = queryLimits
        self.executionLimits = executionLimits
        cache = DocumentCache(bytesMax: cacheBytesMax)
    }

    /// The valid document of a request.
    ///
    /// - Throws: why the document is refused; the errors belong into an answer without data.
    public func document(_ text: String) throws(GraphQLErrors) -> Document {
        if let document = cache.document(text) { return document }
        let document: Document
        do {
            document = try Document(parsing: text, limits: parseLimits)
        } catch {
            throw GraphQLErrors(errors: [error])
        }
        let errors = schema.validate(document, limits: queryLimits)
        guard errors.isEmpty else { throw GraphQLErrors(errors: errors) }
        cache.insert(document, text)
        return document
    }

    /// What kind of operation a request asks for, so that the host can refuse mutations over GET and give subscriptions
    /// a stream.
    public func operationKind(of request: GraphQLRequest) throws(GraphQLErrors) -> OperationKind {
        let document = try document(request.query)
        do {
            return try document.operation(named: request.operationName).kind
        } catch {
            throw GraphQLErrors(errors: [error])
        }
    }

    /// Answers a query or a mutation; every failure is an answer.
    public func execute(_ request: GraphQLRequest, context: Context) async -> GraphQLResponse {
        do throws(GraphQLErrors) {
            return await schema.execute(
                try document(request.query), operationName: request.operationName, variables: request.variables,
                context: context, limits: executionLimits)
        } catch {
            return GraphQLResponse(refusedWith: error.errors)
        }
    }

    /// Answers a subscription with a stream of answers.
    public func subscribe(
        _ request: GraphQLRequest, context: Context
    ) async throws(SubscriptionRefusal) -> ResponseStream {
        let document: Document
        do {
            document = try self.document(request.query)
        } catch {
            throw SubscriptionRefusal(response: GraphQLResponse(refusedWith: error.errors))
        }
        return try await schema.subscribe(
            document, operationName: request.operationName, variables: request.variables, context: context,
            limits: executionLimits)
    }
}
