import Compression
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import bennu_collector

@Suite("Traces over HTTP", .serialized)
struct TracesRouteTests {
    private func post(
        _ body: [UInt8], to app: some ApplicationProtocol, type: String? = "application/x-protobuf",
        encoding: String? = nil, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = type
        headers[.contentEncoding] = encoding
        return try await app.test(.router) { [headers] client in
            try await client.execute(
                uri: "/v1/traces", method: .post, headers: headers, body: ByteBuffer(bytes: body))
        }
    }

    @Test("media types are taken in any case and with any parameters, and answered in kind")
    func contentTypes() async throws {
        try await withCollector { collector in
            let protobuf = ["application/x-protobuf", "Application/X-Protobuf", "application/protobuf ; v=1"]
            for (index, type) in protobuf.enumerated() {
                let body = OTLPRequest.protobuf(name: "p\(index)", spanID: UInt8(index + 1))
                let response = try await post(body, to: collector.app(), type: type)
                #expect(response.status == .ok, "\(type)")
                #expect(response.headers[.contentType] == "application/x-protobuf", "\(type)")
                #expect(response.body.readableBytes == 0, "\(type)")
            }
            for (index, type) in ["application/json", "APPLICATION/JSON; charset=utf-8"].enumerated() {
                let body = OTLPRequest.json(name: "j\(index)", spanID: "00000000000000a\(index)")
                let response = try await post(body, to: collector.app(), type: type)
                #expect(response.status == .ok, "\(type)")
                #expect(response.headers[.contentType] == "application/json", "\(type)")
                #expect(String(buffer: response.body) == "{}", "\(type)")
            }
            #expect(try await collector.spanNames() == ["j0", "j1", "p0", "p1", "p2"])
        }
    }

    @Test("other media types and codings are refused with 415, by name")
    func unsupported() async throws {
        try await withCollector { collector in
            for type in [nil, "text/plain", "application/jsonx", "application/grpc"] {
                let response = try await post([], to: collector.app(), type: type)
                #expect(response.status == .unsupportedMediaType)
                #expect(String(buffer: response.body) == "Unsupported content type: \(type ?? "none")")
                #expect(response.headers[.accept] == "application/x-protobuf, application/json")
            }
            for encoding in ["br", "gzip, zstd", "identity, br"] {
                let response = try await post([], to: collector.app(), type: "application/json", encoding: encoding)
                #expect(response.status == .unsupportedMediaType)
                #expect(
                    String(buffer: response.body)
                        == #"{"code":3,"message":"Unsupported content encoding: \#(encoding)"}"#)
                #expect(response.headers[.acceptEncoding] == "identity, gzip, deflate, zstd")
            }
        }
    }

    @Test("what is refused for its head is counted, and its body read no further than any other's")
    func refusedHead() async throws {
        try await withCollector { collector in
            let app = collector.app(bodyBytesMax: 1000)
            let small = try await post([UInt8](repeating: 0, count: 1500), to: app, type: "text/csv")
            #expect(small.status == .unsupportedMediaType)
            #expect(small.headers[.connection] == nil)
            // What is written after the answer fails, so that the connection ends.
            await #expect(throws: (any Error).self) {
                try await post([UInt8](repeating: 0, count: 2500), to: app, type: "text/csv")
            }
            #expect(collector.count("bennu_collector_requests_refused_total", "unsupported") == 2)
        }
    }

    @Test("a compressed request is what it was before")
    func compressed() async throws {
        try await withCollector { collector in
            let bodies = (1...7).map { OTLPRequest.protobuf(name: "span \($0)", spanID: UInt8($0)) }
            let requests: [(String, [UInt8])] = [
                ("gzip", bodies[0].withUnsafeBytes { gzip($0) }), ("GZIP", bodies[1].withUnsafeBytes { gzip($0) }),
                ("deflate", OTLPRequest.deflated(bodies[2])), ("zstd", OTLPRequest.zstandard(bodies[3])),
                ("identity", bodies[4]), ("identity, x-gzip", bodies[5].withUnsafeBytes { gzip($0) }),
                (" , identity,", bodies[6]),
            ]
            for (encoding, body) in requests {
                let response = try await post(body, to: collector.app(), encoding: encoding)
                #expect(response.status == .ok, "\(encoding)")
            }
            #expect(try await collector.spanNames() == (1...7).map { "span \($0)" })
        }
    }

    @Test("bytes that are no request are refused with a Status in the request's encoding, and never to be sent again")
    func malformed() async throws {
        try await withCollector { collector in
            let requests: [(type: String, encoding: String?)] = [
                ("application/x-protobuf", nil), ("application/json", nil), ("application/json", "gzip"),
                ("application/x-protobuf", "zstd"), ("application/x-protobuf", "deflate"),
            ]
            for (type, encoding) in requests {
                let bytes: [UInt8] = [0x0A, 0xFF, 0x01, 0x7B]
                let response = try await post(bytes, to: collector.app(), type: type, encoding: encoding)
                #expect(response.status == .badRequest)
                #expect(response.headers[.contentType] == type)
                #expect(response.headers[.retryAfter] == nil)
                if type == "application/json" {
                    let status = try JSONSerialization.jsonObject(with: Data(buffer: response.body)) as? [String: Any]
                    #expect(status?["code"] as? Int == 3)
                    #expect((status?["message"] as? String)?.isEmpty == false)
                } else {
                    // The field `code`, INVALID_ARGUMENT, and then `message`.
                    #expect(Array(buffer: response.body).prefix(3) == [0x08, 3, 0x12])
                }
            }
            #expect(try await collector.spanNames() == [])
        }
    }

    @Test("a request without spans is a success")
    func empty() async throws {
        try await withCollector { collector in
            let protobuf = try await post([], to: collector.app())
            #expect(protobuf.status == .ok)
            #expect(protobuf.body.readableBytes == 0)
            let json = try await post(Array("{}".utf8), to: collector.app(), type: "application/json")
            #expect(json.status == .ok)
            #expect(String(buffer: json.body) == "{}")
        }
    }

    @Test("a body beyond the limit is refused with 413, announced or not, and before all of it is inflated")
    func tooLarge() async throws {
        try await withCollector { collector in
            let large = [UInt8](repeating: 0x20, count: 2000)
            let budget = collector.ingest.budget
            let app = collector.app(bodyBytesMax: 1000)
            let packed = large.withUnsafeBytes { gzip($0) }
            #expect(packed.count < 1000)
            let refused = [
                try await post(large, to: app, type: "application/json"),
                try await post(large, to: app, type: "application/json", headers: [.contentLength: "2000"]),
                try await post(packed, to: app, type: "application/json", encoding: "gzip"),
            ]
            for response in refused {
                #expect(response.status == .contentTooLarge)
                #expect(String(buffer: response.body).contains("larger than 1000 bytes"))
                #expect(response.headers[.retryAfter] == nil)
            }
            #expect(budget.bytesUsed == 0)
            let fits = OTLPRequest.json(name: "fits")
            #expect(try await post(fits, to: app, type: "application/json").status == .ok)
            #expect(budget.bytesUsed == 0)
        }
    }

    @Test("a body far beyond the limit is not read to its end: the connection ends with the answer")
    func endless() async throws {
        try await withCollector { collector in
            try await collector.app(bodyBytesMax: 1000).test(.live) { client in
                let body = ByteBuffer(repeating: 0x20, count: 5000)
                let response = try await client.execute(
                    uri: "/v1/traces", method: .post, headers: [.contentType: "application/json"], body: body)
                #expect(response.status == .contentTooLarge)
                #expect(response.headers[.connection] == "close")
            }
        }
    }

    @Test("spans that cannot be kept are counted in the answer, and the others are stored")
    func partialSuccess() async throws {
        try await withCollector { collector in
            let body = """
                {"resourceSpans":[{"scopeSpans":[{"spans":[
                {"traceId":"0000000000000000000000000000000a","spanId":"0000000000000001","name":"good"},
                {"traceId":"00000000000000000000000000000000","spanId":"0000000000000002","name":"bad"}]}]}]}
                """
            let response = try await post(Array(body.utf8), to: collector.app(), type: "application/json")
            #expect(response.status == .ok)
            let answer =
                try JSONSerialization.jsonObject(with: Data(buffer: response.body)) as? [String: [String: String]]
            #expect(answer?["partialSuccess"]?["rejectedSpans"] == "1")
            #expect(answer?["partialSuccess"]?["errorMessage"]?.isEmpty == false)
            #expect(try await collector.spanNames() == ["good"])
        }
    }

    @Test("the header names the project, without the spaces around it, and an empty one does not")
    func project() async throws {
        try await withCollector { collector in
            let name = try #require(HTTPField.Name("x-project-name"))
            for (index, project) in [" shop ", " "].enumerated() {
                // Another trace each: a trace stays in its first project.
                let body = OTLPRequest.protobuf(name: "s", traceID: UInt8(index + 1), spanID: UInt8(index + 1))
                #expect(try await post(body, to: collector.app(), headers: [name: project]).status == .ok)
            }
            #expect(try await collector.projectNames() == ["default", "shop"])
        }
    }

    @Test("the front door is told what of a head is refused, and no more, without a body")
    func headAlone() async throws {
        try await withCollector { collector in
            let expect = try #require(HTTPField.Name("expect"))
            for (type, encoding, status) in [
                ("application/json", nil, 200), ("application/x-protobuf", "gzip", 200), ("text/plain", nil, 415),
                ("application/json", "br", 415),
            ] as [(String, String?, Int)] {
                let response = try await post(
                    [], to: collector.app(), type: type, encoding: encoding, headers: [expect: "100-continue"])
                #expect(response.status.code == status, "\(type) \(encoding ?? "")")
            }
            #expect(collector.count("bennu_collector_requests_refused_total", "malformed") == 0)
        }
    }

    @Test("while the queue is full, refused spans are counted in JSON and in what was compressed too")
    func refusedSpans() async throws {
        try await withFullQueue { collector in
            let json = Array(
                #"{"resourceSpans":[{"scopeSpans":[{"spans":[{},{}]},{"spans":[{}]}]}]}"#.utf8)
            let protobuf = (1...4).flatMap { OTLPRequest.protobuf(name: "span", spanID: $0) }
            let requests = [
                (json, "application/json", nil), (json.withUnsafeBytes { gzip($0) }, "application/json", "gzip"),
                (protobuf.withUnsafeBytes { gzip($0) }, "application/x-protobuf", "gzip"),
            ]
            for (body, type, encoding) in requests {
                let response = try await post(body, to: collector.app(), type: type, encoding: encoding)
                #expect(response.status == .serviceUnavailable)
            }
            #expect(collector.count("bennu_collector_spans_refused_total", "queue_full") == 3 + 3 + 4)
        }
    }

    @Test("a body that does not fit beside those being read is refused with 503 and when to try again")
    func budget() async throws {
        try await withCollector(budget: { ByteBudget(bytesMax: 100) }) { collector in
            let budget = collector.ingest.budget
            try budget.reserve(90, for: .test)
            let app = collector.app()
            let body = OTLPRequest.json(name: "late")
            let refused = try await post(body, to: app, type: "application/json")
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.headers[.retryAfter] == "1")
            let status = try JSONSerialization.jsonObject(with: Data(buffer: refused.body)) as? [String: Any]
            #expect(status?["code"] as? Int == 14)
            #expect(budget.bytesUsed == 90)
            #expect(try await collector.spanNames() == [])
        }
    }
}
