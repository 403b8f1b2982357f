import Access
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import bennu_collector

/// Keys of each scope, by the word after `Bearer`.
private struct ScopedKeys: Authenticating {
    func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal {
        let shop = KeyScope.Project(id: 7, name: "shop")
        let scope: KeyScope
        switch authorization {
        case "Bearer full": scope = .full
        case "Bearer read": scope = KeyScope(.read)
        case "Bearer ingest": scope = KeyScope(.ingest)
        case "Bearer shop": scope = KeyScope(.ingest, project: shop)
        default: throw .invalid
        }
        return .user(id: 1, role: .member, credential: .apiKey(1, scope: scope))
    }
}

@Suite struct KeyScopeTests {
    @Test func `Spans are sent with keys that may, to the project that they are for`() async throws {
        try await withCollector(authenticator: ScopedKeys()) { collector in
            let expected: [(key: String, project: String?, status: Int)] = [
                ("full", "any", 200), ("ingest", nil, 200), ("read", "shop", 403), ("shop", "shop", 200),
                ("shop", " shop ", 200), ("shop", "other", 403), ("shop", nil, 403),
            ]
            let project = try #require(HTTPField.Name("x-project-name"))
            for (number, request) in expected.enumerated() {
                var headers: HTTPFields = [
                    .contentType: "application/x-protobuf", .authorization: "Bearer \(request.key)",
                ]
                headers[project] = request.project
                let body = OTLPRequest.protobuf(name: "span", spanID: UInt8(number + 1))
                let response = try await collector.app().test(.router) { [headers] client in
                    try await client.execute(
                        uri: "/v1/traces", method: .post, headers: headers, body: ByteBuffer(bytes: body))
                }
                #expect(response.status.code == request.status, "\(request)")
                #expect(response.headers[.retryAfter] == nil)
            }
            #expect(try await collector.spanNames().count == 4)
            #expect(try await !collector.projectNames().contains("other"))
        }
    }
}
