import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("Methods that a path does not have")
struct KnownMethodsTests {
    @Test("are answered 405 with those that it has, and HEAD without content")
    func otherMethods() async throws {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.post("/v1/traces") { _, _ in "stored" }
        router.get("/page") { _, _ in "content" }
        try await Application(responder: KnownMethods(of: router)).test(.router) { client in
            for (method, path, status, allowed, content) in [
                (HTTPRequest.Method.get, "/v1/traces", 405, "POST", "Method Not Allowed"),
                (.head, "/v1/traces", 405, "POST", ""), (.post, "/page", 405, "GET, HEAD", "Method Not Allowed"),
                (.post, "/v1/traces", 200, nil, "stored"), (.post, "/none", 404, nil, ""),
            ] as [(HTTPRequest.Method, String, Int, String?, String)] {
                let answer = try await client.execute(uri: path, method: method)
                #expect(answer.status.code == status, "\(method) \(path)")
                #expect(answer.headers[.allow] == allowed, "\(method) \(path)")
                #expect(String(buffer: answer.body) == content, "\(method) \(path)")
            }
        }
    }
}
