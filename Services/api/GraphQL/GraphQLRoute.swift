import Access
import GraphQL
import HTTP
import HTTPTypes
import Hummingbird
import Messaging
import NIOCore

/// `POST /graphql`, and `GET /graphql` for queries (GraphQL over HTTP). Who asks has been found out before; what they may
/// is asked field by field.
struct GraphQLRoute: Sendable {
    let server: GraphQLServer<GraphQLContext>
    let repositories: Repositories
    let bus: MessageBus
    let accounts: any AccountSending
    private static let bodyBytesMax = 4 << 20

    func add<Context: AuthenticatedRequestContext>(to router: Router<Context>) {
        router.post("/graphql") { request, context in
            let body = try await request.bytes(max: Self.bodyBytesMax)
            return await answer(context.principal) { () throws(GraphQLError) in try GraphQLRequest(jsonBody: body) }
        }
        router.get("/graphql") { request, context in
            await answer(context.principal, isSafe: true) { () throws(GraphQLError) in
                try GraphQLRequest(parameters: QueryParameters(request.uri).pairs)
            }
        }
    }

    /// - Parameter isSafe: the method is, so nothing may be changed by it (RFC 9110, section 9.2.1).
    private func answer(
        _ principal: Principal?, isSafe: Bool = false, _ read: () throws(GraphQLError) -> GraphQLRequest
    ) async -> Response {
        guard let principal else { return response(.unauthorized, refusal("Invalid token")) }
        let request: GraphQLRequest
        do throws(GraphQLError) {
            request = try read()
        } catch {
            return response(.badRequest, GraphQLResponse(refusedWith: [error]))
        }
        if let kind = try? server.operationKind(of: request) {
            guard kind != .subscription else {
                return response(.badRequest, refusal("Subscriptions are not served here"))
            }
            guard kind == .query || !isSafe else {
                return response(.methodNotAllowed, refusal("Send mutations by POST"))
            }
        }
        let context = GraphQLContext(principal: principal, repositories: repositories, bus: bus, accounts: accounts)
        return response(.ok, await server.execute(request, context: context))
    }

    private func refusal(_ message: String) -> GraphQLResponse {
        GraphQLResponse(refusedWith: [GraphQLError(message: message)])
    }

    private func response(_ status: HTTPResponse.Status, _ answer: GraphQLResponse) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: answer.jsonBytes)))
    }
}
