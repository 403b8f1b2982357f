import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import Synchronization

extension Request {
    /// Whether the client waits for `100 Continue`, or for the final answer, before it sends the body (RFC 9110,
    /// section 10.1.1). What is refused for its head alone is then to be answered without looking for a body.
    public var expectsContinue: Bool {
        // Few requests have the field, so that no more is done for those without.
        guard let expectations = headers[.expect] else { return false }
        return expectations.split(separator: ",").contains {
            String($0).trimmingWhitespace().lowercased() == "100-continue"
        }
    }

    /// Whether the head announces no body.
    public var isWithoutBody: Bool {
        headers[.transferEncoding] == nil && (headers[.contentLength].flatMap { Int($0) } ?? 0) == 0
    }
}

/// Tells clients that wait for it to go on, as soon as somebody begins to read the body. Where nobody does, the
/// connection ends with the answer: whether the body comes all the same cannot be known.
public struct ExpectedContinue<Responder: HTTPResponder>: HTTPResponder
where Responder.Context: ConnectedRequestContext {
    private let responder: Responder

    public init(before responder: Responder) {
        self.responder = responder
    }

    public func respond(to request: Request, context: Responder.Context) async throws -> Response {
        guard request.expectsContinue, !request.isWithoutBody else {
            return try await responder.respond(to: request, context: context)
        }
        let body = AwaitedBody(request.body, on: context.channel)
        let awaited = Request(head: request.head, body: RequestBody(asyncSequence: body))
        var answer = try await responder.respond(to: awaited, context: context)
        guard !body.isAsked else { return answer }
        answer.headers[.connection] = "close"
        answer.body = ResponseBody(endingConnectionAfter: answer.body)
        return answer
    }
}

/// A body that its sender holds back until it is asked for it.
private struct AwaitedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private final class Question: Sendable {
        let isAsked = Atomic(false)
    }

    private let body: RequestBody
    private let channel: any Channel
    private let question = Question()

    init(_ body: RequestBody, on channel: any Channel) {
        self.body = body
        self.channel = channel
    }

    var isAsked: Bool { question.isAsked.load(ordering: .acquiring) }

    private func ask() async throws {
        guard !question.isAsked.exchange(true, ordering: .acquiringAndReleasing) else { return }
        try await channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)))
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let awaited: AwaitedBody
        fileprivate var pieces: RequestBody.AsyncIterator

        mutating func next() async throws -> ByteBuffer? {
            try await awaited.ask()
            return try await pieces.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(awaited: self, pieces: body.makeAsyncIterator())
    }
}

extension ResponseBody {
    private struct ConnectionEnds: Error {}

    /// A body with which the connection ends. Hummingbird would read what is left of the request, however much or slow
    /// that is, unless its writing of the answer fails.
    public init(endingConnectionAfter body: ResponseBody) {
        self.init(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            throw ConnectionEnds()
        }
    }
}
