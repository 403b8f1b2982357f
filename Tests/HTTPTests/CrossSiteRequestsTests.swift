import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTP

@Suite("Requests of other sites")
struct CrossSiteRequestsTests {
    private func send(
        _ method: HTTPRequest.Method = .post, _ fields: [String: String], trusting hosts: [String] = [],
        needsCookie: Bool = true
    ) async throws -> String {
        let router = Router()
        router.addMiddleware {
            ErrorAnswers(masksInternalErrors: false, isPlainText: { _ in true }, translate: { _ in nil })
            CrossSiteRequests(
                trustedHosts: hosts, rootURL: "https://traces.example.com/tools", needsCookie: needsCookie)
        }
        for method in [HTTPRequest.Method.get, .post, .delete] { router.on("/x", method: method) { _, _ in "passed" } }
        var headers = HTTPFields()
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        return try await Application(router: router).test(.router) { [headers] client in
            let response = try await client.execute(uri: "/x", method: method, headers: headers)
            let text = String(buffer: response.body)
            #expect(response.status == (text == "passed" ? .ok : .unauthorized))
            return text
        }
    }

    @Test(arguments: [
        // Not from a browser.
        ([:], "passed"),
        (["sec-fetch-site": "same-origin"], "passed"), (["sec-fetch-site": "same-site"], "passed"),
        (["sec-fetch-site": "none"], "passed"), (["sec-fetch-site": "cross-site"], "untrusted origin"),
        (["sec-fetch-site": "nonsense"], "untrusted origin"),
        // The browser's word on its own site goes before the origin's text.
        (["sec-fetch-site": "cross-site", "origin": "https://traces.example.com"], "untrusted origin"),
        (["origin": "https://traces.example.com"], "passed"),
        (["origin": "https://traces.example.com:443"], "passed"),
        (["origin": "https://traces.example.com:8443"], "untrusted origin"),
        (["origin": "http://localhost"], "passed"),
        (["origin": "https://front.example", "x-forwarded-host": "front.example"], "passed"),
        (["origin": "https://evil.example"], "untrusted origin"), (["origin": "null"], "untrusted origin"),
        (["origin": "https://traces.example.com.evil.example"], "untrusted origin"),
        (["origin": "https://traces.example.com@evil.example"], "untrusted origin"),
    ])
    func withACookieOurOwnPagesMayChangeThings(fields: [String: String], expected: String) async throws {
        let fields = fields.merging(["cookie": "phoenix-access-token=x"]) { $1 }
        #expect(try await send(.post, fields) == expected)
        #expect(try await send(.delete, fields) == expected)
        #expect(try await send(.get, fields) == "passed")
        #expect(try await send(.post, fields.merging(["authorization": "Bearer x"]) { $1 }) == "passed")
    }

    @Test func withoutACookieThereIsNothingToAbuseUnlessTheAnswerSetsOne() async throws {
        let fields = ["sec-fetch-site": "cross-site"]
        #expect(try await send(.post, fields) == "passed")
        #expect(try await send(.post, fields, needsCookie: false) == "untrusted origin")
        #expect(try await send(.post, [:], needsCookie: false) == "passed")
    }

    @Test(arguments: [
        ([:], "passed"),
        (["origin": "https://traces.example.com"], "passed"), (["origin": "http://TRACES.example.com:99"], "passed"),
        (["referer": "https://traces.example.com/a?b=c"], "passed"),
        (["origin": "https://evil.example"], "untrusted origin"), (["origin": "null"], "untrusted origin"),
        (["referer": "https://evil.example/traces.example.com"], "untrusted referer"),
        (["origin": "https://traces.example.com", "referer": "https://evil.example"], "untrusted referer"),
        (["sec-fetch-site": "cross-site"], "passed"),
        (["origin": "https://[2001:db8::1]:6006"], "passed"),
        (["origin": "https://evil.example", "authorization": "bearer x"], "passed"),
        (["origin": "https://evil.example", "authorization": "Basic eDp5"], "untrusted origin"),
    ])
    func aListSaysWhoseRequestsPass(fields: [String: String], expected: String) async throws {
        for method in [HTTPRequest.Method.get, .post] {
            let hosts = ["traces.example.com", "2001:db8::1"]
            #expect(try await send(method, fields, trusting: hosts) == expected)
        }
    }
}
