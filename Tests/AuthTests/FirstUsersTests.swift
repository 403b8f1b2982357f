import Access
import Database
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import Settings
import Storage
import TestSupport
import Testing

@testable import Identity
@testable import ServiceRuntime
@testable import bennu_auth

@Suite("First users")
struct FirstUsersTests {
    private static let admins = "Ada=Ada@Example.com; Bob = bob@example.com"

    private func users(_ auth: AuthFixture, _ variables: [String: String] = [:]) throws -> FirstUsers {
        FirstUsers(
            database: auth.database, hasher: auth.hasher, settings: try authSettings(variables),
            ring: { auth.told.ring() })
    }

    private func all(_ auth: AuthFixture) async throws -> [UserRecord] {
        try await UserRepository(database: auth.database).users(ids: Array(1...20))
    }

    @Test func anEmptyDatabaseGetsTheSystemAndAnAdministrator() async throws {
        try await withAuth { auth in
            try await users(auth).make()
            let system = try await auth.user("system@localhost")
            #expect(system.name == "system" && system.role == "SYSTEM" && system.password == nil)
            let admin = try await auth.user("admin@localhost")
            #expect(admin.name == "admin" && admin.role == "ADMIN" && admin.method == .local && admin.mustResetPassword)
            #expect(try await auth.login("admin@localhost", "admin").status == .noContent)
            try await users(auth).make()
            #expect(try await all(auth) == [system, admin])
        }
    }

    @Test func aPasswordOfOnesOwnMayStay() async throws {
        try await withAuth { auth in
            try await users(auth, ["PHOENIX_DEFAULT_ADMIN_INITIAL_PASSWORD": "mine-alone"]).make()
            #expect(try await auth.login("admin@localhost", "mine-alone").status == .noContent)
            #expect(try await !auth.user("admin@localhost").mustResetPassword)
            // Only the first start asks for it.
            try await users(auth, ["PHOENIX_DEFAULT_ADMIN_INITIAL_PASSWORD": "another"]).make()
            #expect(try await auth.login("admin@localhost", "mine-alone").status == .noContent)
        }
    }

    @Test func administratorsByNameAreMadeAndWelcomed() async throws {
        let variables = [
            "PHOENIX_ADMINS": Self.admins, "PHOENIX_SMTP_HOSTNAME": "smtp.example.com",
            "PHOENIX_ROOT_URL": "https://traces.example.com",
        ]
        try await withAuth { auth in
            try await auth.makeUser("bob@example.com", role: .viewer)
            try await users(auth, variables).make()
            let ada = try await auth.user("ada@example.com")
            #expect(ada.name == "Ada" && ada.role == "ADMIN" && ada.mustResetPassword && ada.password != nil)
            #expect(try await auth.user("bob@example.com").role == "VIEWER")
            let mails = try await MailOutbox(database: auth.database).claim(10, by: "tests", lease: 1, now: .max / 2)
            #expect(mails.map(\.recipient) == ["ada@example.com"] && auth.told.rings == 1)
            let link = try #require(mails.first).html.firstMatch(of: /<a id="welcome-url" href="([^"]*)"/)
            #expect(link?.output.1 == "https://traces.example.com/forgot-password")
        }
    }

    @Test func withoutPasswordsAdministratorsSignInAsPeopleHereDo() async throws {
        let variables = [
            "PHOENIX_ADMINS": Self.admins, "PHOENIX_DISABLE_BASIC_AUTH": "true",
            "PHOENIX_OAUTH2_GOOGLE_CLIENT_ID": "id", "PHOENIX_OAUTH2_GOOGLE_CLIENT_SECRET": "secret",
            "PHOENIX_OAUTH2_GOOGLE_OIDC_CONFIG_URL": "https://idp.example/.well-known/openid-configuration",
        ]
        try await withAuth { auth in
            try await users(auth, variables).make()
            let ada = try await auth.user("ada@example.com")
            #expect(ada.method == .oauth2 && ada.password == nil && !ada.mustResetPassword && ada.role == "ADMIN")
        }
    }

    @Test func aDeploymentWithAdministratorsGetsNoKnownPassword() async throws {
        try await withAuth { auth in
            try await auth.makeUser(role: .admin)
            try await users(auth).make()
            #expect(try await all(auth).map(\.email).sorted() == ["ada@example.com", "system@localhost"])
        }
    }

    @Test func severalReplicasMayBeginAtOnce() async throws {
        try await withAuth { auth in
            let users = try users(
                auth, ["PHOENIX_ADMINS": Self.admins, "PHOENIX_SMTP_HOSTNAME": "smtp.example.com"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await users.make() } }
                try await group.waitForAll()
            }
            #expect(
                try await all(auth).map(\.email).sorted() == [
                    "ada@example.com", "admin@localhost", "bob@example.com", "system@localhost",
                ])
            #expect(try await auth.count("mails") == 2)
        }
    }

    @Test func theServiceWaitsForTheDatabase() async throws {
        try await withAuth { auth in
            let (gate, opening) = (DatabaseGate(), Opening())
            let service = FirstUsersService(
                try users(auth), gate: gate, opening: opening, logger: Logger(label: "tests"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await service.run() }
                try await Task.sleep(for: .milliseconds(50))
                #expect(!opening.isOpen)
                gate.open()
                while !opening.isOpen { try await Task.sleep(for: .milliseconds(5)) }
                group.cancelAll()
            }
            #expect(try await auth.count("users") == 2)
        }
    }
}
