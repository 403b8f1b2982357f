import Access
import Database
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import LDAP
import Storage
import Testing

@testable import bennu_auth

@Suite("Accounts of people from elsewhere")
struct ExternalAccountsTests {
    private static let proof = ExternalPerson.Proof.provider(clientID: "bennu", subject: "ada-1")

    private func person(
        _ proof: ExternalPerson.Proof = proof, email: String? = "ada@example.com", name: String? = "Ada",
        picture: String? = nil, role: Role? = nil, updatesRole: Bool = false, allowsSignUp: Bool = true
    ) -> ExternalPerson {
        ExternalPerson(
            proof: proof, email: email, name: name, picture: picture, role: role, updatesRole: updatesRole,
            allowsSignUp: allowsSignUp)
    }

    private func accounts(_ auth: AuthFixture) -> StoredExternalAccounts {
        StoredExternalAccounts(database: auth.database) { auth.told.announce($0) }
    }

    @Test func aStrangerGetsAnAccountAndKeepsIt() async throws {
        try await withAuth { auth in
            let accounts = accounts(auth)
            let id = try await accounts.signIn(person(picture: "https://x/1.png"))
            var user = try await auth.user()
            #expect(user.id == id && user.name == "Ada" && user.role == "VIEWER" && user.method == .oauth2)
            #expect(user.oauth2ClientID == "bennu" && user.oauth2UserID == "ada-1" && user.password == nil)
            // Mail and picture follow, the name does not; without a mapping the role stays.
            let later = person(
                email: "countess@example.com", name: "Countess", picture: "https://x/2.png", role: .admin)
            #expect(try await accounts.signIn(later) == id)
            user = try await auth.user("countess@example.com")
            #expect(user.name == "Ada" && user.pictureURL == "https://x/2.png" && user.role == "VIEWER")
            #expect(auth.told.changes.isEmpty)
        }
    }

    @Test func aNewRoleSignsOutEverywhere() async throws {
        try await withAuth { auth in
            let accounts = accounts(auth)
            let id = try await accounts.signIn(person(role: .member, updatesRole: true))
            try await auth.database.write { connection in
                _ = try TokenRepository.openSession(
                    of: id, accessLife: 1, refreshLife: 1, on: connection, now: 1)
            }
            _ = try await accounts.signIn(person(role: .member, updatesRole: true))
            #expect(try await auth.count("refresh_tokens") == 1)
            _ = try await accounts.signIn(person(role: .admin, updatesRole: true))
            #expect(try await auth.count("refresh_tokens") == 0)
            #expect(try await auth.user().role == "ADMIN")
            #expect(auth.told.changes.map(\.userIDs) == [[id]])
        }
    }

    @Test func twoOfOneNameAreToldApart() async throws {
        try await withAuth { auth in
            for number in 1...3 {
                let proof = ExternalPerson.Proof.provider(clientID: "bennu", subject: "ada-\(number)")
                _ = try await accounts(auth).signIn(person(proof, email: "ada\(number)@example.com"))
            }
            #expect(try await auth.user("ada2@example.com").name == "Ada-2")
            #expect(try await auth.user("ada3@example.com").name == "Ada-3")
            _ = try await accounts(auth).signIn(
                person(.provider(clientID: "bennu", subject: "bob"), email: "bob@example.com", name: " \u{7} "))
            #expect(try await auth.user("bob@example.com").name == "bob")
        }
    }

    @Test func anAddressOfAnotherAccountIsNotTakenOver() async throws {
        try await withAuth { auth in
            try await auth.makeUser()
            await #expect(throws: ExternalRefusal.emailInUse) { try await accounts(auth).signIn(person()) }
            await #expect(throws: ExternalRefusal.notAllowed) {
                try await accounts(auth).signIn(person(allowsSignUp: false))
            }
            await #expect(throws: ExternalRefusal.emailInUse) {
                try await accounts(auth).signIn(person(.directory(uniqueID: "u-1")))
            }
            #expect(try await auth.count("users") == 1)
        }
    }

    @Test func withoutSignUpOnlyWhoIsExpectedComesIn() async throws {
        try await withAuth { auth in
            let expected = try await auth.makeUser(password: nil, role: .admin, method: .oauth2)
            #expect(try await accounts(auth).signIn(person(allowsSignUp: false)) == expected.id)
            #expect(try await auth.user().oauth2UserID == "ada-1")
            #expect(try await auth.user().role == "ADMIN")
            await #expect(throws: ExternalRefusal.notAllowed) {
                try await accounts(auth).signIn(
                    person(.provider(clientID: "bennu", subject: "eve"), allowsSignUp: false))
            }
        }
    }

    @Test func manySignInAtOnceForTheFirstTime() async throws {
        try await withAuth { auth in
            let accounts = accounts(auth)
            let people = (0..<8).map { number in
                person(
                    .provider(clientID: "bennu", subject: "s-\(number / 2)"), email: "p\(number / 2)@example.com",
                    name: "Same")
            }
            try await withThrowingTaskGroup(of: Int64.self) { group in
                for person in people { group.addTask { try await accounts.signIn(person) } }
                try await group.waitForAll()
            }
            #expect(try await auth.count("users") == 4)
        }
    }

    @Test func aDirectoryWithoutAddressesHasAccountsToo() async throws {
        try await withAuth { auth in
            let ada = person(.directory(uniqueID: "u-1"), email: nil, role: .member, updatesRole: true)
            let id = try await accounts(auth).signIn(ada)
            #expect(try await accounts(auth).signIn(ada) == id)
            let user = try #require(try await UserRepository(database: auth.database).user(.id(id)))
            #expect(user.method == .ldap && user.ldapUniqueID == "u-1" && user.role == "MEMBER")
            #expect(user.email.hasSuffix("@directory.invalid"))
        }
    }
}

@Suite("Sign-in through a directory")
struct DirectoryRoutesTests {
    private static let variables = [
        "PHOENIX_LDAP_HOST": "ldap.example.com", "PHOENIX_LDAP_ATTR_EMAIL": "mail",
        "PHOENIX_LDAP_USER_SEARCH_BASE_DNS": #"["ou=people,dc=example"]"#,
        "PHOENIX_LDAP_GROUP_ROLE_MAPPINGS": #"[{"group_dn": "*", "role": "MEMBER"}]"#,
    ]

    /// Knows one person.
    private struct OnePerson: PersonDirectory {
        func signIn(name: String, password: Secret) async throws -> DirectoryIdentity? {
            if name == "away" { throw LDAPError(code: -1, "nobody answers") }
            guard name == "ada", password == Secret("right") else { return nil }
            return DirectoryIdentity(
                name: "uid=ada", uniqueID: nil, email: "Ada@Example.com", displayName: "Ada", role: "MEMBER")
        }
    }

    private func login(_ auth: AuthFixture, _ name: String, _ password: String) async throws -> TestResponse {
        try await auth.send(
            .post, "/auth/ldap/login", #"{"username": "\#(name)", "password": "\#(password)"}"#)
    }

    @Test func theRightPasswordOpensASession() async throws {
        try await withAuth(Self.variables, directory: OnePerson()) { auth in
            for _ in 0..<2 {
                let response = try await login(auth, "ada", "right")
                #expect(response.status == .noContent && response.setCookies.count == 2)
                #expect(await auth.knows(response.cookieValues))
            }
            #expect(try await auth.user().method == .ldap)
            // They have no password of ours.
            #expect(try await auth.login().status == .unauthorized)
        }
    }

    @Test func whateverIsWrongIsAnsweredInOneWay() async throws {
        try await withAuth(Self.variables, directory: OnePerson()) { auth in
            for (name, password) in [("ada", "wrong"), ("eve", "right"), ("", "")] {
                let response = try await login(auth, name, password)
                #expect(response.status == .unauthorized && response.text == "Invalid username and/or password")
            }
            #expect(try await auth.send(.post, "/auth/ldap/login", "nonsense").status == .unauthorized)
            #expect(try await login(auth, "away", "x").status == .serviceUnavailable)
        }
    }

    @Test func guessingIsLimited() async throws {
        try await withAuth(Self.variables, directory: OnePerson()) { auth in
            for _ in 0..<5 { #expect(try await login(auth, "ada", "wrong").status == .unauthorized) }
            let response = try await login(auth, "ada", "right")
            #expect(response.status == .tooManyRequests && response.text == SignInLimit.refusal.message)
        }
    }

    @Test func withoutADirectoryThereIsNoRoute() async throws {
        try await withAuth { auth in
            let response = try await login(auth, "ada", "right")
            #expect(response.status == .notFound)
        }
    }
}
