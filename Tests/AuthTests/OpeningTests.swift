import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import bennu_auth

@Suite("Before the first users are there")
struct OpeningTests {
    private func withRoutes(
        _ opening: Opening, patience: Duration, _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let router = Router()
        router.addMiddleware {
            ErrorAnswers(masksInternalErrors: true, isPlainText: { _ in true }, translate: { _ in nil })
            OpeningWait(opening: opening, reason: { nil }, patience: patience)
        }
        for path in ["/auth/login", "/oauth2/x/login", "/healthz"] { router.get("\(path)") { _, _ in "passed" } }
        try await Application(router: router).test(.router, body)
    }

    @Test func signingInWaitsForThem() async throws {
        let opening = Opening()
        try await withRoutes(opening, patience: .seconds(30)) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let response = try await client.execute(uri: "/auth/login", method: .get)
                    #expect(response.status == .ok && opening.isOpen)
                }
                try await Task.sleep(for: .milliseconds(100))
                opening.open()
                try await group.waitForAll()
            }
        }
    }

    @Test func butNotForLongAndHealthNotAtAll() async throws {
        try await withRoutes(Opening(), patience: .milliseconds(50)) { client in
            for path in ["/auth/login", "/oauth2/x/login"] {
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.status == .serviceUnavailable && response.headers[.retryAfter] == "1")
            }
            let health = try await client.execute(uri: "/healthz", method: .get)
            #expect(health.status == .ok)
        }
    }
}
