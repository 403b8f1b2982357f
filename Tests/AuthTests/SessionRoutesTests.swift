import Access
import Database
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Storage
import Testing

@testable import Identity
@testable import bennu_auth

@Suite("Sessions")
struct SessionRoutesTests {
    // MARK: Sign-in

    @Test func theRightPasswordOpensASession() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            let response = try await auth.login(" Ada@Example.COM ")
            #expect(response.status == .noContent && response.headers[.cacheControl] == "no-store")
            #expect(response.setCookies.count == 2)
            for (cookie, name, seconds) in zip3(
                response.setCookies, ["phoenix-access-token", "phoenix-refresh-token"], [600, 604_800])
            {
                #expect(cookie.hasPrefix("\(name)=ey"))
                #expect(cookie.hasSuffix("; Path=/; Max-Age=\(seconds); HttpOnly; SameSite=strict"))
            }
            #expect(await auth.knows(response.cookieValues))
        }
    }

    @Test(arguments: [
        (["PHOENIX_HOST_ROOT_PATH": "/tools"], "Path=/tools; Max-Age=600; HttpOnly; SameSite=strict"),
        (["PHOENIX_COOKIES_PATH": "/"], "Path=/; Max-Age=600; HttpOnly; SameSite=strict"),
        (
            ["PHOENIX_HOST_ROOT_PATH": "/tools", "PHOENIX_COOKIES_PATH": "/"],
            "Path=/; Max-Age=600; HttpOnly; SameSite=strict"
        ),
        (["PHOENIX_USE_SECURE_COOKIES": "true"], "Path=/; Max-Age=600; HttpOnly; SameSite=strict; Secure"),
        (["PHOENIX_ACCESS_TOKEN_EXPIRY_MINUTES": "3"], "Path=/; Max-Age=180; HttpOnly; SameSite=strict"),
    ])
    func cookiesAreAsTheSettingsSay(variables: [String: String], attributes: String) async throws {
        let scope = CookieScope(try authSettings(variables))
        let seconds = try authSettings(variables).accounts.accessTokenLife.components.seconds
        #expect(scope.strict("name", "value", seconds: seconds) == "name=value; \(attributes)")
    }

    @Test(arguments: ["", "{}", "[]", #"{"email": "ada@example.com"}"#, #"{"email": "", "password": "x"}"#, "nonsense"])
    func bothAreNeeded(body: String) async throws {
        try await withAuth { auth in
            let response = try await auth.send(.post, "/auth/login", body)
            #expect(response.status == .unauthorized && response.text == "Email and password required")
        }
    }

    @Test func whateverIsWrongIsAnsweredInOneWayAndTakesTheSameWork() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            try await auth.makeUser("bob@example.com", password: nil, method: .oauth2)
            try await auth.makeUser("system@localhost", role: .system)
            let attempts = [
                ("ada@example.com", "wrong"), ("nobody@example.com", "right"), ("bob@example.com", "right"),
                ("system@localhost", "right"), ("no address", "right"), (String(repeating: "a", count: 5_000), "right"),
                (#"ada@example.com\u0000"#, "wrong"),
            ]
            for (index, (email, password)) in attempts.enumerated() {
                let response = try await auth.login(email, password)
                #expect(response.status == .unauthorized && response.text == "Invalid email and/or password")
                #expect(response.setCookies.isEmpty)
                #expect(auth.hasher.checkCount == index + 1)
            }
        }
    }

    @Test func withoutPasswordsOfOursNobodySignsInByOne() async throws {
        let variables = [
            "PHOENIX_DISABLE_BASIC_AUTH": "true", "PHOENIX_OAUTH2_X_CLIENT_ID": "x",
            "PHOENIX_OAUTH2_X_CLIENT_SECRET": "y", "PHOENIX_OAUTH2_X_OIDC_CONFIG_URL": "https://idp.example/",
        ]
        try await withAuth(variables) { auth in
            try await auth.makeUser()
            #expect(try await auth.login().status == .forbidden)
            #expect(try await auth.send(.post, "/auth/password-reset-email", "{}").status == .forbidden)
            #expect(try await auth.send(.post, "/auth/password-reset", "{}").status == .forbidden)
            #expect(try await auth.send(.get, "/auth/logout").headers[.location] == "/logout")
        }
    }

    @Test func aWeakHashGivesWayToAStrongOneAtSignIn() async throws {
        try await withAuth { auth in
            let salt = [UInt8](repeating: 7, count: 32)
            let hash = PBKDF2.derive(from: Secret("right"), salt: salt, iterations: 10_000, count: 32)
            try await auth.makeUser(password: nil)
            var user = try await auth.user()
            user.password = .legacy(salt: salt, hash: hash)
            try await auth.database.write { [user] in try UserRepository.update(user, on: $0) }
            #expect(try await auth.login("ada@example.com", "wrong").status == .unauthorized)
            #expect(try await auth.login().status == .noContent)
            guard case .current(let text) = try await auth.user().password else {
                Issue.record("the hash is still the old one")
                return
            }
            #expect(PasswordHash(stored: text)?.matches(Secret("right")) == true)
            #expect(try await auth.login().status == .noContent)
        }
    }

    // MARK: Renewal

    @Test func aRefreshEndsWhatWasBefore() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            let old = try await auth.session()
            let response = try await auth.send(.post, "/auth/refresh", cookies: old)
            #expect(response.status == .noContent && response.setCookies.count == 2)
            #expect(await auth.knows(response.cookieValues))
            #expect(await !auth.knows(old))
            #expect(auth.told.changes.map(\.accessTokenIDs.count) == [1])
            let again = try await auth.send(.post, "/auth/refresh", cookies: old)
            #expect(again.status == .unauthorized && again.text == "Invalid refresh token")
            #expect(await auth.knows(response.cookieValues))
        }
    }

    @Test func ofTwoRefreshesAtOnceOneWins() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            let session = try await auth.session()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await auth.send(.post, "/auth/refresh", cookies: session).status.code }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [204, 401, 401, 401])
            #expect(try await auth.count("refresh_tokens") == 1)
            #expect(try await auth.count("access_tokens") == 1)
        }
    }

    @Test func whatIsNoLiveRefreshTokenIsRefused() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            let session = try await auth.session()
            let access = try #require(session["phoenix-access-token"])
            let none = try await auth.send(.post, "/auth/refresh")
            #expect(none.status == .unauthorized && none.text == "Missing refresh token")
            for token in ["nonsense", access] {
                let response = try await auth.send(.post, "/auth/refresh", cookies: ["phoenix-refresh-token": token])
                #expect(response.status == .unauthorized && response.text == "Invalid refresh token")
            }
            auth.clock.advance(seconds: 604_800)
            let expired = try await auth.send(.post, "/auth/refresh", cookies: session)
            #expect(expired.status == .unauthorized && expired.text == "Expired refresh token")
        }
    }

    @Test func theSessionOfADeletedUserCannotBeRenewed() async throws {
        try await withAuth { auth in
            let user = try await auth.makeUser()
            let session = try await auth.session()
            _ = try await auth.database.write { try UserRepository.delete(id: user.id, on: $0) }
            #expect(try await auth.send(.post, "/auth/refresh", cookies: session).status == .unauthorized)
        }
    }

    // MARK: Leaving

    @Test func leavingEndsAllSessionsOfThePerson() async throws {
        try await withAuth(["PHOENIX_HOST_ROOT_PATH": "/tools"]) { auth in
            let user = try await auth.makeUser()
            let (phone, laptop) = (try await auth.session(), try await auth.session())
            let response = try await auth.send(.get, "/auth/logout", cookies: phone)
            #expect(response.status == .found && response.headers[.location] == "/tools/login")
            #expect(
                response.setCookies
                    == ["phoenix-access-token", "phoenix-refresh-token"].map {
                        "\($0)=; Path=/tools; Max-Age=0; HttpOnly; SameSite=strict"
                    })
            #expect(await !auth.knows(laptop))
            #expect(auth.told.changes.map(\.userIDs) == [[user.id]])
            #expect(try await auth.send(.post, "/auth/refresh", cookies: laptop).status == .unauthorized)
        }
    }

    @Test func theRefreshCookieAloneSaysWhoLeaves() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            var session = try await auth.session()
            session["phoenix-access-token"] = nil
            #expect(try await auth.send(.get, "/auth/logout", cookies: session).status == .found)
            #expect(try await auth.count("refresh_tokens") == 0)
        }
    }

    @Test func leavingIsNeverAnError() async throws {
        try await withAuth { auth in
            for cookies in [[:], ["phoenix-access-token": "x", "phoenix-refresh-token": "y"]] {
                let response = try await auth.send(.get, "/auth/logout", cookies: cookies)
                #expect(response.status == .found && response.headers[.location] == "/login")
                #expect(response.setCookies.count == 2)
            }
            await auth.database.close()
            #expect(try await auth.send(.get, "/auth/logout", cookies: ["phoenix-refresh-token": "y"]).status == .found)
        }
    }

    // MARK: Upkeep

    @Test func expiredTokensAndOldFailuresGo() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            _ = try await auth.session()
            _ = try await auth.login("ada@example.com", "wrong")
            try await ExpiredCredentials.remove(from: auth.database, now: auth.clock.now)
            #expect(try await auth.count("refresh_tokens") == 1)
            #expect(try await auth.count("sign_in_failures") == 1)
            auth.clock.advance(seconds: 604_800)
            try await ExpiredCredentials.remove(from: auth.database, now: auth.clock.now)
            #expect(try await auth.count("refresh_tokens") == 0)
            #expect(try await auth.count("access_tokens") == 0)
            #expect(try await auth.count("sign_in_failures") == 0)
        }
    }
}

private func zip3<A, B, C>(_ a: [A], _ b: [B], _ c: [C]) -> [(A, B, C)] {
    zip(a, zip(b, c)).map { ($0, $1.0, $1.1) }
}
