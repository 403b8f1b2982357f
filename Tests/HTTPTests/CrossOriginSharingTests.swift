import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTP

@Suite("Sharing with other origins")
struct CrossOriginSharingTests {
    private func send(
        _ method: HTTPRequest.Method, from origin: String?, allowing origins: [String], asking headers: String? = nil
    ) async throws -> TestResponse {
        let router = Router()
        router.get("/x") { _, _ in "read" }
        var fields = HTTPFields()
        fields[.origin] = origin
        if method == .options { fields[.accessControlRequestMethod] = "DELETE" }
        fields[.accessControlRequestHeaders] = headers
        let responder = CrossOriginSharing(allowing: origins, before: router.buildResponder())
        return try await Application(responder: responder).test(.router) { [fields] client in
            try await client.execute(uri: "/x", method: method, headers: fields)
        }
    }

    @Test("pages of listed origins read answers, and no others do")
    func reading() async throws {
        let allowed = ["https://Tools.example.com"]
        let listed = try await send(.get, from: "https://tools.example.com", allowing: allowed)
        #expect(listed.headers[.accessControlAllowOrigin] == "https://tools.example.com")
        #expect(listed.headers[.vary] == "Origin" && listed.headers[.accessControlAllowCredentials] == nil)
        for origin in ["https://evil.example.com", "http://tools.example.com", "null"] {
            let other = try await send(.get, from: origin, allowing: allowed)
            #expect(other.status == .ok && other.headers[.accessControlAllowOrigin] == nil)
        }
        let anybody = try await send(.get, from: "https://evil.example.com", allowing: ["*"])
        #expect(anybody.headers[.accessControlAllowOrigin] == "*")
    }

    @Test("what browsers ask in advance is answered without a route")
    func asking() async throws {
        let allowed = ["https://tools.example.com"]
        let listed = try await send(
            .options, from: "https://tools.example.com", allowing: allowed, asking: "authorization, content-type")
        #expect(listed.status == .noContent)
        #expect(listed.headers[.accessControlAllowHeaders] == "authorization, content-type")
        #expect(listed.headers[.accessControlAllowMethods]?.contains("DELETE") == true)
        let other = try await send(.options, from: "https://evil.example.com", allowing: allowed)
        #expect(other.status == .forbidden && other.headers[.accessControlAllowOrigin] == nil)
    }

    @Test("without a list nothing is shared")
    func off() async throws {
        let answer = try await send(.get, from: "https://tools.example.com", allowing: [])
        #expect(answer.headers[.accessControlAllowOrigin] == nil && answer.headers[.vary] == nil)
    }
}
