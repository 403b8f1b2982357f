import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("Error answers")
struct ErrorAnswersTests {
    private struct Secret: Error, CustomStringConvertible {
        var description: String { "SELECT password" }
    }

    private struct Known: Error {}

    private func app(masks: Bool = true) -> some ApplicationProtocol {
        let router = Router()
        router.addMiddleware {
            ErrorAnswers(masksInternalErrors: masks, isPlainText: { $0.hasPrefix("/v1") }) { error in
                error is Known ? APIError(.serviceUnavailable, "try again", retryAfter: .seconds(30)) : nil
            }
        }
        let failures: [String: any Error] = [
            "missing": APIError.notFound("no \"thing\""), "secret": Secret(), "known": Known(),
            "fraction": APIError(.serviceUnavailable, "soon", retryAfter: .milliseconds(10)),
            "internal": APIError(.internalServerError, "SELECT password"),
            "framework": HTTPError(.badRequest, message: "bad"),
            "validation": ValidationError([.key("body"), .index(2), .key("na\"me")], "is not one"),
        ]
        for (name, error) in failures {
            for prefix in ["/v1", "/page"] {
                router.get("\(prefix)/\(name)") { _, _ -> Response in throw error }
            }
        }
        return Application(router: router)
    }

    private func answer(_ path: String, masks: Bool = true) async throws -> TestResponse {
        try await app(masks: masks).test(.router) { try await $0.execute(uri: path, method: .get) }
    }

    @Test("below /v1 the message is the whole body, as plain text")
    func plain() async throws {
        let response = try await answer("/v1/missing")
        #expect(response.status == .notFound)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(String(buffer: response.body) == "no \"thing\"")
    }

    @Test("elsewhere the message is within JSON")
    func json() async throws {
        let response = try await answer("/page/missing")
        #expect(response.status == .notFound)
        #expect(response.headers[.contentType] == "application/json")
        #expect(String(buffer: response.body) == #"{"error":{"message":"no \"thing\""}}"#)
    }

    @Test("an error that nothing expects says an id and nothing of its cause", arguments: ["secret", "internal"])
    func masked(name: String) async throws {
        let response = try await answer("/v1/\(name)")
        let text = String(buffer: response.body)
        #expect(response.status == .internalServerError)
        #expect(text.wholeMatch(of: /an unexpected error occurred \([0-9a-z]+\)/) != nil)
        let other = String(buffer: try await answer("/v1/\(name)").body)
        #expect(text != other)
    }

    @Test("where masking is off, the error's own words are told")
    func unmasked() async throws {
        let response = try await answer("/v1/secret", masks: false)
        #expect(response.status == .internalServerError)
        #expect(String(buffer: response.body) == "SELECT password")
    }

    @Test("an error of the layers below is translated, with when to try again")
    func translated() async throws {
        let response = try await answer("/v1/known")
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers[.retryAfter] == "30")
        #expect(String(buffer: response.body) == "try again")
    }

    @Test("less than a second to wait is told as one")
    func fraction() async throws {
        #expect(try await answer("/v1/fraction").headers[.retryAfter] == "1")
    }

    @Test("the framework's own errors keep their status, and their text becomes the message")
    func framework() async throws {
        let response = try await answer("/v1/framework")
        #expect(response.status == .badRequest)
        #expect(String(buffer: response.body) == "bad")
    }

    @Test("what is wrong with a part of a request is said in FastAPI's form, everywhere", arguments: ["/v1", "/page"])
    func validation(prefix: String) async throws {
        let response = try await answer("\(prefix)/validation")
        #expect(response.status == .unprocessableContent)
        #expect(response.headers[.contentType] == "application/json")
        #expect(
            String(buffer: response.body)
                == #"{"detail":[{"loc":["body",2,"na\"me"],"msg":"is not one","type":"value_error"}]}"#)
    }

    @Test("a path without a route is answered in the same form")
    func noRoute() async throws {
        let response = try await answer("/v1/nothing")
        #expect(response.status == .notFound)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
    }
}
