import Compression
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("Compressed answers")
struct CompressedAnswersTests {
    private static let text = String(repeating: "spans and traces. ", count: 200)

    private func answer(_ path: String, accepting encodings: String?) async throws -> TestResponse {
        let router = Router()
        router.addMiddleware { CompressedAnswers() }
        router.get("/json") { _, _ in Self.response("application/json", Self.text) }
        router.get("/short") { _, _ in Self.response("application/json", "{}") }
        router.get("/image") { _, _ in Self.response("image/png", Self.text) }
        router.get("/packed") { _, _ in Self.response("text/plain", Self.text, encoding: "br") }
        router.get("/events") { _, _ in Self.response("text/event-stream", Self.text) }
        router.get("/stream") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: Self.text))
                    try await writer.finish(nil)
                })
        }
        return try await Application(router: router).test(.router) { client in
            try await client.execute(
                uri: path, method: .get, headers: encodings.map { [.acceptEncoding: $0] } ?? [:])
        }
    }

    private static func response(_ type: String, _ text: String, encoding: String? = nil) -> Response {
        var headers: HTTPFields = [.contentType: type]
        headers[.contentEncoding] = encoding
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    @Test(
        "a client that takes gzip gets it, and it inflates to the same",
        arguments: ["gzip", "GZIP", "deflate, gzip;q=0.5", "br;q=1.0, *;q=0.1", "gzip; q=1"])
    func accepted(encodings: String) async throws {
        let response = try await answer("/json", accepting: encodings)
        #expect(response.headers[.contentEncoding] == "gzip")
        #expect(response.headers[.vary] == "Accept-Encoding")
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.body.readableBytes < Self.text.utf8.count / 4)
        let inflated = try Array(buffer: response.body).withUnsafeBytes { try decompress($0, .gzip, limit: 1 << 20) }
        #expect(inflated == Array(Self.text.utf8))
    }

    @Test(
        "a client that does not take gzip gets the plain body",
        arguments: [nil, "", "br", "identity", "gzip;q=0", "gzip; q=0.0", "*;q=0", "gzip;q=0, *"])
    func refused(encodings: String?) async throws {
        let response = try await answer("/json", accepting: encodings)
        #expect(response.headers[.contentEncoding] == nil)
        #expect(String(buffer: response.body) == Self.text)
    }

    @Test("streams, small bodies, images and what is compressed already go as they are")
    func untouched() async throws {
        for path in ["/stream", "/events", "/image"] {
            let response = try await answer(path, accepting: "gzip")
            #expect(response.headers[.contentEncoding] == nil, "\(path)")
            #expect(String(buffer: response.body) == Self.text, "\(path)")
        }
        #expect(String(buffer: try await answer("/short", accepting: "gzip").body) == "{}")
        #expect(try await answer("/packed", accepting: "gzip").headers[.contentEncoding] == "br")
    }

    @Test("a cache that keeps the plain body is told that others may get another")
    func vary() async throws {
        #expect(try await answer("/json", accepting: nil).headers[.vary] == "Accept-Encoding")
    }
}
