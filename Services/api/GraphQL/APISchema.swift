import Access
import Database
import GraphQL
import HTTP
import Settings

/// The schema of `/graphql`: what there is, under whose rules, and how its errors read. Each part is declared in a file of
/// its own and listed here.
enum APISchema {
    /// A part of the schema: its types, extensions of `Query` and `Mutation` among them, and how its nodes are found.
    struct Part: Sendable {
        var types: [any TypeDeclaration] = []
        var nodes: [NodeLookup] = []
    }

    static let parts: [Part] = [
        CoreTypes.part, ServerStatusTypes.part, UserTypes.part, APIKeyTypes.part, AccountMutations.part,
        ProjectMutations.part, AnnotationTypes.part,
        AnnotationMutations.part, SessionAnnotationMutations.part,
        AnnotationConfigTypes.part, AnnotationConfigMutations.part,
        AnnotationSummaryTypes.part, ProjectAnnotationFields.part, ProjectAnnotationMutations.part,
        AnnotationTimeSeries.part,
        RetentionTypes.part, RetentionMutations.part,
        ProjectTypes.part, TraceTypes.part, TraceListFields.part, SpanTypes.part, SessionTypes.part,
        CostTypes.part, ModelTypes.part, ModelMutations.part, FilterConditions.part, ValidationTypes.part,
        FilterVocabularyFields.part, RetrievalMetricFields.part, ProjectTimeSeries.part,
    ]

    /// - Parameter masksErrors: whether what nobody expects is told to clients in general words only.
    static func make(masksErrors: Bool = true) throws(SchemaError) -> ExecutableSchema<GraphQLContext> {
        try ExecutableSchema(
            query: Roots.query, mutation: Roots.mutation,
            types: parts.flatMap(\.types), fieldGuard: check,
            presentError: { error, _ in present(error, masksErrors: masksErrors) })
    }

    /// Every field stands under a rule of `GraphQLPermissions`; one without is refused to everybody.
    private static func check(_ context: GraphQLContext, _ type: String, _ field: String) throws {
        if field.hasPrefix("__") { return }
        let rule = GraphQLPermissions.rule(type: type, field: field)
        if case .denied(let reason) = Permissions.decide(rule, for: context.principal) {
            throw GraphQLError(message: reason.graphQLMessage, .forbidden)
        }
    }

    private static func present(_ error: any Error, masksErrors: Bool) -> GraphQLError {
        switch error {
        case let error as GraphQLError: error
        case let error as ExpectedError: GraphQLError(message: error.message, error.code)
        case let error as APIError: GraphQLError(message: error.message, error.graphQLCode)
        default:
            if let known = APIError(translating: error) {
                GraphQLError(message: known.message, known.graphQLCode)
            } else {
                GraphQLError(message: masksErrors ? "an unexpected error occurred" : "\(error)")
            }
        }
    }
}

extension APIError {
    fileprivate var graphQLCode: ErrorCode? {
        switch status {
        case .notFound: .notFound
        case .forbidden: .forbidden
        case .serviceUnavailable, .tooManyRequests: .unavailable
        default: nil
        }
    }
}

/// The roots, which the schema's parts extend.
enum Roots {
    static let query: QueryRoot = ObjectType("Query", description: "What can be asked.") { type in
        type.asyncField(
            "node", .nonNull(.named("Node")), description: "Anything that has an id.",
            arguments: [.argument("id", .nonNull(.id))]
        ) { _, field in
            try await NodeLookup.find(field.argument("id"), field)
        }
    }

    static let mutation: RootType<GraphQLContext> = ObjectType("Mutation", description: "What can be changed.") { _ in }

    /// What a mutation's answer offers, so that everything that it has changed can be read with it.
    static func addQuery<Value>(to type: inout Object<Value>.Fields) {
        type.field("query", .nonNull(.named("Query")), description: "What can be asked, once all this is done.") { _ in
            query(RootValue())
        }
    }
}
