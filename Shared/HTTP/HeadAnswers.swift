import Hummingbird

/// Takes the content from answers to HEAD and leaves the headers (RFC 9110, section 9.3.2). On a connection that goes on,
/// content would be taken for the next answer.
///
/// It stands before what makes answers of errors, since those have content whatever the method.
public struct HeadAnswers<Context: RequestContext>: RouterMiddleware {
    public init() {}

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        return request.method == .head ? response.createHeadResponse() : response
    }
}
