import Access
import Database
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Storage
import Testing

@testable import Identity
@testable import bennu_auth

@Suite("New passwords")
struct PasswordResetTests {
    private static let mail = ["PHOENIX_SMTP_HOSTNAME": "smtp.example.com"]

    /// Asks for a mail and returns its link.
    private func link(_ auth: AuthFixture, headers: HTTPFields = [:]) async throws -> String {
        let response = try await auth.send(
            .post, "/auth/password-reset-email", #"{"email": " ADA@example.com "}"#, headers: headers)
        #expect(response.status == .noContent && response.body.readableBytes == 0)
        let mail = try #require(try await mails(auth).last)
        let address = try #require(mail.html.firstMatch(of: /<a id="reset-url" href="([^"]*)"/)).output.1
        #expect(mail.text.contains(address))
        #expect(mail.subject.hasPrefix("[Phoenix] ") && mail.recipient == "ada@example.com")
        return String(address)
    }

    private func mails(_ auth: AuthFixture) async throws -> [ClaimedMail] {
        try await MailOutbox(database: auth.database).claim(10, by: "tests", lease: 1, now: .max / 2)
    }

    private func token(_ auth: AuthFixture) async throws -> String {
        String(try #require(try await link(auth).split(separator: "token=").last))
    }

    private func choose(_ token: String, _ password: String, _ auth: AuthFixture) async throws -> TestResponse {
        try await auth.send(.post, "/auth/password-reset", #"{"token": "\#(token)", "password": "\#(password)"}"#)
    }

    @Test func theLinkLetsItsReaderChooseAPasswordOnce() async throws {
        try await withAuth(Self.mail) { auth in
            var user = try await auth.makeUser()
            user.mustResetPassword = true
            try await auth.database.write { [user] in try UserRepository.update(user, on: $0) }
            let session = try await auth.session()
            for _ in 0..<5 { _ = try await auth.login("ada@example.com", "wrong") }
            #expect(try await auth.login().status == .tooManyRequests)
            let token = try await token(auth)
            #expect(auth.told.rings == 1)
            #expect(try await choose(token, "something-new", auth).status == .noContent)
            #expect(await !auth.knows(session))
            #expect(auth.told.changes.map(\.userIDs) == [[user.id]])
            #expect(try await auth.login("ada@example.com", "right").status == .unauthorized)
            #expect(try await auth.login("ada@example.com", "something-new").status == .noContent)
            #expect(try await !auth.user().mustResetPassword)
            let again = try await choose(token, "something-else", auth)
            #expect(again.status == .unauthorized && again.text == "Invalid token")
        }
    }

    @Test func anOlderLinkIsWorthNothing() async throws {
        try await withAuth(Self.mail) { auth in
            try await auth.makeUser()
            let first = try await token(auth)
            let second = try await token(auth)
            #expect(try await choose(first, "something-new", auth).status == .unauthorized)
            #expect(try await choose(second, "something-new", auth).status == .noContent)
        }
    }

    @Test func anExpiredLinkAndOneOfADeletedUserAreAnsweredAlike() async throws {
        try await withAuth(Self.mail) { auth in
            let user = try await auth.makeUser()
            let token = try await token(auth)
            auth.clock.advance(seconds: 900)
            let expired = try await choose(token, "something-new", auth)
            #expect(expired.status == .unauthorized && expired.text == "Invalid token")
            _ = try await auth.database.write { try UserRepository.delete(id: user.id, on: $0) }
            #expect(try await choose(token, "something-new", auth).text == "Invalid token")
            #expect(try await choose("nonsense", "something-new", auth).text == "Invalid token")
        }
    }

    @Test func aSessionsTokenSetsNoPassword() async throws {
        try await withAuth(Self.mail) { auth in
            try await auth.makeUser()
            for token in try await auth.session().values {
                #expect(try await choose(token, "something-new", auth).status == .unauthorized)
            }
        }
    }

    @Test func ofTwoWhoUseALinkAtOnceOneWins() async throws {
        try await withAuth(Self.mail) { auth in
            try await auth.makeUser()
            let token = try await token(auth)
            async let one = choose(token, "something-new", auth).status.code
            async let other = choose(token, "something-else", auth).status.code
            #expect(try await [one, other].sorted() == [204, 401])
        }
    }

    @Test func aPasswordMustBeGoodAndTheLinkOutlivesABadOne() async throws {
        try await withAuth(Self.mail) { auth in
            try await auth.makeUser()
            let token = try await token(auth)
            let none = try await choose(token, "", auth)
            #expect(none.status == .unprocessableContent && none.text == "Password required")
            let short = try await choose(token, "abc", auth)
            #expect(short.status == .unprocessableContent && short.text == "Password must have at least 4 characters")
            #expect(try await choose(token, "abcd", auth).status == .noContent)
        }
    }

    @Test func nobodyLearnsWhoHasAnAccount() async throws {
        try await withAuth(Self.mail) { auth in
            try await auth.makeUser("bob@example.com", password: nil, method: .oauth2)
            for email in ["bob@example.com", "nobody@example.com", "nonsense"] {
                let begin = ContinuousClock.now
                let response = try await auth.send(.post, "/auth/password-reset-email", #"{"email": "\#(email)"}"#)
                #expect(response.status == .noContent)
                #expect(begin.duration(to: .now) >= .milliseconds(250))
            }
            #expect(try await mails(auth).isEmpty && auth.told.rings == 0)
        }
    }

    @Test func whatIsMissingIsSaid() async throws {
        try await withAuth(Self.mail) { auth in
            for body in ["{}", "", #"{"email": ""}"#] {
                let response = try await auth.send(.post, "/auth/password-reset-email", body)
                #expect(response.status == .unprocessableContent && response.text == "Email required")
            }
        }
        try await withAuth { auth in
            let response = try await auth.send(.post, "/auth/password-reset-email", #"{"email": "a@b.c"}"#)
            #expect(response.status == .serviceUnavailable && response.text == "SMTP server not configured")
        }
    }

    // MARK: Where links lead

    @Test func aStrangersPageDoesNotGetIntoTheLink() async throws {
        var forged: HTTPFields = [.referer: "https://evil.example/login", .origin: "https://evil.example"]
        forged[try #require(HTTPField.Name("x-forwarded-host"))] = "evil.example"
        let trusted: HTTPFields = [.origin: "https://traces.example.com:8443"]
        try await withAuth(Self.mail) { [forged] auth in
            try await auth.makeUser()
            #expect(
                try await link(auth, headers: forged).hasPrefix(
                    "http://localhost:6006/reset-password-with-token?token=ey"))
        }
        let list = ["PHOENIX_CSRF_TRUSTED_ORIGINS": "https://traces.example.com", "PHOENIX_HOST_ROOT_PATH": "/tools"]
        try await withAuth(Self.mail.merging(list) { $1 }) { auth in
            try await auth.makeUser()
            #expect(
                try await link(auth, headers: trusted).hasPrefix(
                    "https://traces.example.com:8443/tools/reset-password-with-token?token="))
        }
        try await withAuth(Self.mail.merging(["PHOENIX_ROOT_URL": "https://mine.example/x"]) { $1 }) { auth in
            try await auth.makeUser()
            #expect(
                try await link(auth, headers: trusted).hasPrefix("https://mine.example/x/reset-password-with-token"))
        }
    }

    @Test func whatPeopleAreCalledIsTextInMails() {
        let mail = AccountMails.welcome(to: "a@b.c", name: "<b>\"Ada\" & Co", link: "https://x/login?a=1&b=2")
        #expect(mail.html.contains("Hello &lt;b&gt;&quot;Ada&quot; &amp; Co,"))
        #expect(mail.html.contains(#"<a id="welcome-url" href="https://x/login?a=1&amp;b=2""#))
        #expect(mail.text.contains("https://x/login?a=1&b=2") && mail.subject.hasPrefix("[Phoenix] "))
    }
}
