import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import bennu_api

@Suite("Front door", .serialized)
struct FrontDoorTests {
    /// Runs `body` with a client of a front door before a service that answers with what it was sent.
    private func withFrontDoor(
        _ framework: TestingSetup = .live, _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let peer = Router()
        for method in [HTTPRequest.Method.get, .post] {
            peer.on("/**", method: method) { request, _ in try await Self.echo(request) }
        }
        try await Application(router: peer).test(.live) { client in
            let port = try #require(client.port)
            try await withDoor(to: "http://127.0.0.1:\(port)", framework, body)
        }
    }

    private func withDoor(
        to url: String, _ framework: TestingSetup = .live,
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let logger = Logger(label: "tests")
        let door = FrontDoor(authURL: url, collectorURL: url, bodyBytesMax: 1 << 20, logger: logger)
        let router = Router(context: ServiceRequestContext.self)
        router.addMiddleware {
            ErrorAnswers(masksInternalErrors: true, isPlainText: { _ in true }, translate: { _ in nil })
        }
        door.add(to: router)
        var app = Application(router: router, logger: logger)
        app.addServices(door)
        try await app.test(framework, body)
    }

    private static func echo(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 24)
        var headers: HTTPFields = [.setCookie: "a=1", .contentType: "application/x-test", .location: "/elsewhere"]
        headers.append(HTTPField(name: .setCookie, value: "b=2"))
        for field in request.headers {
            guard let name = HTTPField.Name("seen-\(field.name.canonicalName)") else { continue }
            headers.append(HTTPField(name: name, value: field.value))
        }
        if let name = HTTPField.Name("seen-path") { headers[name] = request.uri.string }
        return Response(
            status: .init(code: 302, reasonPhrase: "Found"), headers: headers, body: .init(byteBuffer: body))
    }

    @Test("a head that is larger than anybody's is refused, and the service goes on")
    func largeHead() async throws {
        try await withFrontDoor { client in
            guard let name = HTTPField.Name("x-large") else { return }
            for (count, status) in [(30_000, 302), (60_000, 431), (60_000, 431), (10, 302)] {
                let headers: HTTPFields = [name: String(repeating: "a", count: count)]
                let response = try await client.execute(
                    uri: "/v1/traces", method: .post, headers: headers, body: ByteBuffer(string: "x"))
                #expect(response.status.code == status)
            }
        }
    }

    private func seen(_ name: String, _ response: TestResponse) throws -> String? {
        response.headers[try #require(HTTPField.Name("seen-\(name)"))]
    }

    @Test("status, body and headers pass both ways as they are, and a redirect is the client's to follow")
    func passes() async throws {
        try await withFrontDoor { client in
            let body = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let response = try await client.execute(
                uri: "/v1/traces?a=b%20c", method: .post,
                headers: [
                    .contentType: "application/x-protobuf", .contentEncoding: "gzip", .authorization: "Bearer x",
                ],
                body: ByteBuffer(bytes: body))
            #expect(response.status.code == 302)
            #expect(Array(buffer: response.body) == body)
            #expect(response.headers[values: .setCookie] == ["a=1", "b=2"])
            #expect(response.headers[.location] == "/elsewhere")
            #expect(response.headers[.contentType] == "application/x-test")
            #expect(try seen("path", response) == "/v1/traces?a=b%20c")
            #expect(try seen("content-type", response) == "application/x-protobuf")
            #expect(try seen("content-encoding", response) == "gzip")
            #expect(try seen("authorization", response) == "Bearer x")
            #expect(try seen("content-length", response) == "200000")
        }
    }

    @Test("the service is told who asked, for which host and by which scheme")
    func forwarded() async throws {
        try await withFrontDoor { client in
            let direct = try await client.execute(uri: "/auth/logout", method: .get)
            #expect(try seen("x-forwarded-for", direct) == "127.0.0.1")
            #expect(try seen("x-forwarded-proto", direct) == "http")
            #expect(try seen("x-forwarded-host", direct)?.hasPrefix("localhost") == true)
        }
    }

    @Test("behind a proxy the one that it names comes first and its scheme counts, but the host is the request's own")
    func forwardedTwice() async throws {
        try await withFrontDoor { client in
            var headers = HTTPFields()
            let sent = ["for": "192.0.2.1, 192.0.2.2", "proto": "https", "host": "evil.example"]
            for (name, value) in sent { headers[try #require(HTTPField.Name("x-forwarded-\(name)"))] = value }
            let response = try await client.execute(uri: "/auth/logout", method: .get, headers: headers)
            #expect(try seen("x-forwarded-for", response) == "192.0.2.1, 192.0.2.2, 127.0.0.1")
            #expect(try seen("x-forwarded-proto", response) == "https")
            #expect(try seen("x-forwarded-host", response)?.hasPrefix("localhost") == true)
        }
    }

    @Test("what concerns one connection only stays there, also what Connection names")
    func hopByHop() async throws {
        // The live client has a Connection of its own.
        try await withFrontDoor(.router) { client in
            let names = ["te": "trailers", "keep-alive": "timeout=5", "x-private": "1", "x-public": "2"]
            var headers: HTTPFields = [.connection: "keep-alive, X-Private"]
            for (name, value) in names { headers[try #require(HTTPField.Name(name))] = value }
            let response = try await client.execute(uri: "/auth/logout", method: .get, headers: headers)
            for name in ["te", "keep-alive", "x-private"] { #expect(try seen(name, response) == nil, "\(name)") }
            #expect(try seen("x-public", response) == "2")
        }
    }

    @Test("a service that answers before it has read the body is heard, and the next request too")
    func earlyAnswer() async throws {
        let peer = Router()
        peer.post("/v1/traces") { _, _ in Response(status: .unsupportedMediaType) }
        try await Application(router: peer).test(.live) { client in
            try await withDoor(to: "http://127.0.0.1:\(try #require(client.port))") { client in
                for _ in 0..<30 {
                    let body = ByteBuffer(repeating: 1, count: 700_000)
                    let response = try await client.execute(uri: "/v1/traces", method: .post, body: body)
                    #expect(response.status == .unsupportedMediaType)
                }
            }
        }
    }

    @Test("a body beyond the bound is refused in words")
    func tooLarge() async throws {
        try await withFrontDoor { client in
            let body = ByteBuffer(repeating: 1, count: 1_500_000)
            let response = try await client.execute(uri: "/v1/traces", method: .post, body: body)
            #expect(response.status == .contentTooLarge)
        }
    }

    @Test("senders of spans are told the front door's own refusals as OTLP says, in their own encoding")
    func refusalsToSenders() async throws {
        try await withDoor(to: "http://127.0.0.1:\(try FreePort.find())") { client in
            let large = ByteBuffer(repeating: 1, count: 1_500_000)
            for (type, body, status, code) in [
                ("application/json; charset=utf-8", ByteBuffer(string: "x"), 503, 14),
                ("application/json", large, 413, 8),
                ("application/x-protobuf", ByteBuffer(string: "x"), 503, 14), ("application/x-protobuf", large, 413, 8),
            ] as [(String, ByteBuffer, Int, UInt8)] {
                let response = try await client.execute(
                    uri: "/v1/traces", method: .post, headers: [.contentType: type], body: body)
                #expect(response.status.code == status)
                if type.contains("json") {
                    #expect(response.headers[.contentType] == "application/json")
                    #expect(response.text.hasPrefix("{\"code\":\(code),\"message\":\""))
                } else {
                    #expect(response.headers[.contentType] == "application/x-protobuf")
                    #expect(Array(buffer: response.body).prefix(3) == [8, code, 18])
                }
            }
        }
    }

    /// A collector that takes protobuf only and says so before it has read a body, behind a front door; `body` is given
    /// the door's port.
    private func withChoosyCollector(_ body: @Sendable (Int) async throws -> Void) async throws {
        let peer = Router()
        peer.post("/v1/traces") { request, _ in
            guard request.headers[.contentType] == "application/x-protobuf" else {
                return Response(status: .unsupportedMediaType, body: .init(byteBuffer: ByteBuffer(string: "no")))
            }
            let isAsking = request.expectsContinue && request.isWithoutBody
            return isAsking ? Response(status: .ok) : try await Self.echo(request)
        }
        let logger = Logger(label: "tests")
        try await Application(router: peer).test(.live) { client in
            let url = "http://127.0.0.1:\(try #require(client.port))"
            let door = FrontDoor(authURL: url, collectorURL: url, bodyBytesMax: 1000, logger: logger)
            let router = Router(context: ServiceRequestContext.self)
            router.addMiddleware {
                ErrorAnswers(masksInternalErrors: true, isPlainText: { _ in true }, translate: { _ in nil })
            }
            door.add(to: router)
            var app = Application(responder: ExpectedContinue(before: router.buildResponder()), logger: logger)
            app.addServices(door)
            try await app.test(.live) { client in try await body(try #require(client.port)) }
        }
    }

    @Test("a client that waits to be told to send its body is told so, and the service behind is not asked again")
    func expects() async throws {
        try await withChoosyCollector { port in
            let connection = try RawConnection(port: port)
            try connection.send(
                "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                    + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            #expect(try connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try connection.send("abc")
            let answer = try connection.receive(until: "abc")
            #expect(answer.hasPrefix("HTTP/1.1 302 "))
            #expect(!answer.lowercased().contains("seen-expect"))
        }
    }

    @Test(
        "or is told what the service behind, or the front door, refuses its head with",
        arguments: [("text/plain", 3, "415"), ("application/x-protobuf", 1001, "413")])
    func expectsInVain(_ type: String, _ length: Int, _ status: String) async throws {
        try await withChoosyCollector { port in
            let connection = try RawConnection(port: port)
            try connection.send(
                "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(length)\r\n"
                    + "Expect: 100-continue\r\n\r\n")
            #expect(try connection.receive(until: nil).hasPrefix("HTTP/1.1 \(status) "))
        }
    }

    @Test(
        "a service that is away is 503 and when to try again",
        arguments: ["/v1/traces", "/auth/login", "/oauth2/a/login"])
    func away(path: String) async throws {
        try await withDoor(to: "http://127.0.0.1:\(try FreePort.find())") { client in
            let response = try await client.execute(uri: path, method: .post, body: ByteBuffer(string: "x"))
            #expect(response.status == .serviceUnavailable)
            #expect(response.headers[.retryAfter] == "1")
            #expect(response.text.contains("the service is not available; try again"))
        }
    }
}
