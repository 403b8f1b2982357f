import Access
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import bennu_api

/// Knows a request by the word in its `Authorization` field.
private struct ByWord: Authenticating {
    func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal {
        switch authorization {
        case "admin": return .user(id: 1, role: .admin, credential: .accessToken(1))
        case "member": return .user(id: 2, role: .member, credential: .apiKey(2))
        case "viewer": return .user(id: 3, role: .viewer, credential: .accessToken(3))
        case "expired": throw .expired
        case "later": throw .unavailable
        case nil: throw .missing
        default: throw .invalid
        }
    }
}

@Suite struct RequestAccessTests {
    @Test func `Every route has a rule`() async throws {
        try await withAPI { fixture in
            for route in fixture.routes {
                #expect(
                    RouteRules.rule(method: route.method, endpoint: route.path) != nil,
                    "\(route.method) \(route.path) has no row in RESTPermissions")
            }
            #expect(fixture.routes.count > 20)
        }
    }

    @Test func `Nobody reads without a token, and the answer says what is wrong with it`() async throws {
        try await withAPI(authenticator: ByWord()) { fixture in
            for (word, status, text) in [
                (nil, 401, "Invalid token"), ("nonsense", 401, "Invalid token"), ("expired", 401, "Expired token"),
                ("later", 503, AuthenticationRefusal.unavailable.message), ("viewer", 200, nil), ("member", 200, nil),
            ] as [(String?, Int, String?)] {
                let response = try await fixture.send(
                    .get, "/v1/projects", headers: word.map { [.authorization: $0] } ?? [:])
                #expect(response.status.code == status)
                if let text { #expect(response.text == text) }
            }
        }
    }

    @Test func `Viewers write nothing and members delete no project`() async throws {
        try await withAPI(authenticator: ByWord()) { fixture in
            let project = #"{"name":"ours"}"#
            let expected: [(HTTPRequest.Method, String, String?, String, Int)] = [
                (.post, "/v1/projects", project, "viewer", 403), (.post, "/v1/projects", project, "member", 200),
                (.delete, "/v1/projects/ours", nil, "member", 403), (.delete, "/v1/projects/ours", nil, "admin", 204),
                (.get, "/bennu/v1/events", nil, "nobody", 401),
            ]
            for (method, uri, body, word, status) in expected {
                let response = try await fixture.send(method, uri, body, headers: [.authorization: word])
                #expect(response.status.code == status, "\(method) \(uri) as \(word)")
            }
        }
    }

    @Test func `What is not there is not found, whoever asks`() async throws {
        try await withAPI(authenticator: ByWord()) { fixture in
            let nothing = try await fixture.send(.get, "/v1/nothing")
            #expect(nothing.status == .notFound)
            let version = try await fixture.send(.get, "/arize_phoenix_version")
            #expect(version.status == .ok)
        }
    }
}
