import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@Suite("Bodies that wait to be asked for", .serialized)
struct ExpectedContinueTests {
    /// Answers with what was sent; refuses some by their head alone.
    private func withServer(_ body: @Sendable (Int) async throws -> Void) async throws {
        let router = Router(context: ServiceRequestContext.self)
        router.post("/echo") { request, _ in
            guard let body = try await request.collectedBody(upTo: 100) else {
                return Response(status: .contentTooLarge, body: .init(byteBuffer: ByteBuffer(string: "too large")))
            }
            return Response(status: .ok, body: .init(byteBuffer: body))
        }
        router.post("/refused") { _, _ in
            Response(status: .unauthorized, body: .init(byteBuffer: ByteBuffer(string: "who?")))
        }
        let app = Application(responder: ExpectedContinue(before: router.buildResponder()))
        try await app.test(.live) { client in try await body(try #require(client.port)) }
    }

    private func head(_ path: String, _ fields: String...) -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n"
    }

    @Test(
        "who waits is told to go on once the body is wanted, and the connection stays",
        arguments: ["Expect: 100-continue", "expect:  100-Continue "])
    func wanted(_ field: String) async throws {
        try await withServer { port in
            let connection = try RawConnection(port: port)
            for body in ["abc", "de"] {
                try connection.send(head("/echo", field, "Content-Length: \(body.utf8.count)"))
                // Nothing else comes before the body has been sent.
                #expect(try connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                try connection.send(body)
                let answer = try connection.receive(until: "\r\n\r\n\(body)")
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(!answer.lowercased().contains("connection: close"))
            }
        }
    }

    @Test("a body in chunks is asked for as well")
    func chunks() async throws {
        try await withServer { port in
            let connection = try RawConnection(port: port)
            try connection.send(head("/echo", "Expect: 100-continue", "Transfer-Encoding: chunked"))
            #expect(try connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try connection.send("3\r\nabc\r\n0\r\n\r\n")
            #expect(try connection.receive(until: "abc").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test(
        "who is refused for the head alone hears so at once, and the connection ends",
        arguments: [("/refused", 5, "401", "who?"), ("/echo", 101, "413", "too large"), ("/none", 5, "404", "")])
    func refused(_ path: String, _ length: Int, _ status: String, _ words: String) async throws {
        try await withServer { port in
            let connection = try RawConnection(port: port)
            try connection.send(head(path, "Expect: 100-continue", "Content-Length: \(length)"))
            // Read to the end of the connection, which no body is sent over.
            let answer = try connection.receive(until: nil)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.lowercased().contains("connection: close"))
            #expect(answer.hasSuffix(words))
        }
    }

    @Test("who does not wait, or has no body, is not told anything first", arguments: ["", "Expect: 100-continue\r\n"])
    func others(_ field: String) async throws {
        try await withServer { port in
            let connection = try RawConnection(port: port)
            let body = field.isEmpty ? "abc" : ""
            try connection.send(
                "POST /echo HTTP/1.1\r\nHost: x\r\n\(field)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(try connection.receive(until: "\r\n\r\n\(body)").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }
}
