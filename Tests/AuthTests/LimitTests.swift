import Database
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Storage
import Synchronization
import Testing

@testable import bennu_auth

@Suite("Limits of signing in")
struct LimitTests {
    private static let words = "Too many failed login attempts. Please try again later."

    private func fail(_ count: Int, _ auth: AuthFixture, from address: String = "10.0.0.1") async throws {
        for _ in 0..<count {
            #expect(try await auth.login("ada@example.com", "wrong", from: address).status == .unauthorized)
        }
    }

    // MARK: Guessing

    @Test func whoGuessesTooOftenWaitsEvenWithTheRightPassword() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            try await fail(5, auth)
            let checks = auth.hasher.checkCount
            for password in ["wrong", "right"] {
                let response = try await auth.login(" ADA@example.com", password)
                #expect(response.status == .tooManyRequests && response.text == Self.words)
            }
            #expect(auth.hasher.checkCount == checks)
            // The account's owner is elsewhere.
            #expect(try await auth.login(from: "10.0.0.2").status == .noContent)
            #expect(try await auth.login().status == .tooManyRequests)
            auth.clock.advance(seconds: 900)
            #expect(try await auth.login().status == .noContent)
        }
    }

    @Test func aSuccessBeginsAnew() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            try await fail(4, auth)
            #expect(try await auth.login().status == .noContent)
            try await fail(4, auth)
            #expect(try await auth.login().status == .noContent)
        }
    }

    @Test func accountsThatNobodyHasAreLimitedToo() async throws {
        try await withAuth { auth in
            for attempt in 1...6 {
                let response = try await auth.login("nobody@example.com")
                #expect(response.status == (attempt < 6 ? .unauthorized : .tooManyRequests))
            }
        }
    }

    @Test func guessesFromEverywhereCloseTheAccount() async throws {
        try await withAuth(["PHOENIX_BRUTE_FORCE_LOGIN_PROTECTION_MAX_ATTEMPTS": "2"]) { auth in
            try await auth.makeUser()
            for host in 1...10 { try await fail(2, auth, from: "10.0.1.\(host)") }
            #expect(try await auth.login(from: "10.0.2.1").status == .tooManyRequests)
            auth.clock.advance(seconds: 900)
            #expect(try await auth.login(from: "10.0.2.1").status == .noContent)
        }
    }

    @Test func manyAtOnceGuessNoMoreThanOneAfterTheOther() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            try await fail(4, auth)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await auth.login("ada@example.com", "wrong").status.code }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // A writer each may be in the middle of it.
            #expect((1...2).contains(statuses.filter { $0 == 401 }.count))
            #expect(try await auth.login().status == .tooManyRequests)
        }
    }

    @Test func theLimitCanBeTurnedOff() async throws {
        try await withAuth(["PHOENIX_DISABLE_BRUTE_FORCE_LOGIN_PROTECTION": "true"]) { auth in
            try await auth.makeUser()
            try await fail(8, auth)
            #expect(try await auth.login().status == .noContent)
            #expect(try await auth.count("sign_in_failures") == 0)
        }
    }

    // MARK: Asking

    @Test(arguments: ["login", "refresh", "password-reset-email", "password-reset"])
    func anAddressMayAskTwelveTimes(route: String) async throws {
        try await withAuth(["PHOENIX_DISABLE_RATE_LIMIT": "false"]) { auth in
            for _ in 0..<12 {
                #expect(try await auth.send(.post, "/auth/\(route)", "{}").status != .tooManyRequests)
            }
            let refused = try await auth.send(.post, "/auth/\(route)", "{}")
            #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "5")
            #expect(try await auth.send(.post, "/auth/\(route)", "{}", from: "10.0.0.2").status != .tooManyRequests)
        }
    }

    @Test func oneMoreDropsInEveryFiveSeconds() {
        let time = Mutex(ContinuousClock.now)
        let limit = AddressLimit { time.withLock { $0 } }
        for _ in 0..<12 { #expect(limit.takes("a")) }
        #expect(!limit.takes("a"))
        time.withLock { $0 += .seconds(4) }
        #expect(!limit.takes("a"))
        time.withLock { $0 += .seconds(1.1) }
        #expect(limit.takes("a") && !limit.takes("a"))
        time.withLock { $0 += .seconds(600) }
        for _ in 0..<12 { #expect(limit.takes("a")) }
        #expect(!limit.takes("a"))
    }

    @Test func manyAddressesTakeLittleRoomAndFreeNobody() {
        let time = Mutex(ContinuousClock.now)
        let limit = AddressLimit(entriesMax: 100) { time.withLock { $0 } }
        for _ in 0..<12 { #expect(limit.takes("guesser")) }
        for address in 0..<1_000 { _ = limit.takes("\(address)") }
        #expect(limit.entryCount <= 100)
        #expect(!limit.takes("guesser"))
        time.withLock { $0 += .seconds(120) }
        for address in 0..<100 { _ = limit.takes("later \(address)") }
        #expect(limit.entryCount <= 100)
    }
}
