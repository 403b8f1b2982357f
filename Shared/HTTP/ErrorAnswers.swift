import Domain
import HTTPTypes
import Hummingbird
import Logging

/// Turns thrown errors into answers: the one place where that is done.
///
/// Below `/v1` and `/auth` the body is the message as plain text, which Phoenix's clients print; elsewhere it is
/// `{"error": {"message": …}}`. `ValidationError` has its own form everywhere. An error that nothing expects says nothing but an id, which is in the log as well.
public struct ErrorAnswers<Context: RequestContext>: RouterMiddleware {
    private let translate: @Sendable (any Error) -> APIError?
    private let masksInternalErrors: Bool
    private let isPlainText: @Sendable (String) -> Bool

    /// `translate` knows the errors of the layers below, as a database that is away.
    public init(
        masksInternalErrors: Bool, isPlainText: @escaping @Sendable (String) -> Bool,
        translate: @escaping @Sendable (any Error) -> APIError?
    ) {
        self.masksInternalErrors = masksInternalErrors
        self.isPlainText = isPlainText
        self.translate = translate
    }

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            return answer(APIError(error.status, error.body ?? error.status.reasonPhrase), request)
        } catch let error as ValidationError {
            return error.response
        } catch let error as CancellationError {
            throw error
        } catch {
            let known = error as? APIError ?? translate(error)
            if let known, known.status.code < 500 || known.retryAfter != nil { return answer(known, request) }
            return answer(unexpected(error, context), request)
        }
    }

    private func unexpected(_ error: any Error, _ context: Context) -> APIError {
        let id = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        context.logger.error("request failed", metadata: ["error_id": "\(id)", "error": "\(error)"])
        let message = masksInternalErrors ? "an unexpected error occurred (\(id))" : "\(error)"
        return APIError(.internalServerError, message)
    }

    private func answer(_ error: APIError, _ request: Request) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if let delay = error.retryAfter { headers[.retryAfter] = String(max(1, delay.components.seconds)) }
        if isPlainText(request.uri.path) {
            headers[.contentType] = "text/plain; charset=utf-8"
            return Response(
                status: error.status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: error.message)))
        }
        var json = JSONWriter()
        json.object { $0.field("error") { $0.field("message", error.message) } }
        headers[.contentType] = "application/json"
        return Response(status: error.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}
