import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("Answers to HEAD")
struct HeadAnswersTests {
    @Test("they have the headers of GET and no content, also where they are errors", arguments: ["/page", "/none"])
    func noContent(path: String) async throws {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            HeadAnswers()
            ErrorAnswers(masksInternalErrors: true, isPlainText: { _ in true }, translate: { _ in nil })
        }
        router.get("/page") { _, _ in "content" }
        try await Application(router: router).test(.router) { client in
            let whole = try await client.execute(uri: path, method: .get)
            let head = try await client.execute(uri: path, method: .head)
            #expect(head.status == whole.status)
            #expect(head.headers[.contentLength] == "\(whole.body.readableBytes)")
            #expect(head.headers[.contentType] == whole.headers[.contentType])
            #expect(whole.body.readableBytes > 0)
            #expect(head.body.readableBytes == 0)
        }
    }
}
