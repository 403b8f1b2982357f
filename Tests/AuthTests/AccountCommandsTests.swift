import Access
import Database
import Domain
import Identity
import Logging
import Messaging
import Settings
import Storage
import Testing

@testable import bennu_auth

private let admin = Principal.user(id: 1_000, role: .admin, credential: .accessToken(1))

/// Lets something happen between a check and what follows from it.
private struct InterruptedHasher: PasswordChecking {
    let hasher: any PasswordChecking
    let interrupt: @Sendable () async throws -> Void

    func hash(_ password: Secret) async throws -> PasswordHash { try await hasher.hash(password) }

    func check(_ password: Secret, against stored: StoredPassword) async throws -> PasswordVerdict {
        let verdict = try await hasher.check(password, against: stored)
        try await interrupt()
        return verdict
    }
}

extension AuthFixture {
    fileprivate func commands(hasher: (any PasswordChecking)? = nil) -> AccountCommands {
        let (told, clock) = (told, clock)
        return AccountCommands(
            database: database, hasher: hasher ?? self.hasher, signer: TokenSigner(secret: Secret(Self.secret)),
            settings: settings, announce: { told.announce($0) }, ring: { told.ring() },
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }, now: { clock.now })
    }

    fileprivate func perform(_ command: AccountCommand, by actor: Principal = admin) async -> AccountReply {
        await commands().perform(AccountRequest(actor: actor, command: command))
    }

    fileprivate func refusal(_ command: AccountCommand, by actor: Principal = admin) async -> AccountRefusal? {
        if case .refused(let refusal) = await perform(command, by: actor) { refusal } else { nil }
    }

    fileprivate func user(id: Int64) async throws -> UserRecord {
        try #require(try await UserRepository(database: database).user(.id(id)))
    }

    fileprivate func isPassword(_ text: String, of id: Int64) async throws -> Bool {
        try await hasher.check(Secret(text), against: StoredPassword(try await user(id: id))) != .wrong
    }

    fileprivate func makeSystem() async throws -> UserRecord {
        try await makeUser("system@localhost", password: nil, role: .system)
    }

    fileprivate func openSession(of id: Int64) async throws {
        let now = clock.now
        try await database.write {
            _ = try TokenRepository.openSession(of: id, accessLife: 1, refreshLife: 1, on: $0, now: now)
        }
    }
}

private func newUser(
    _ email: String = "ada@example.com", name: String = "ada", role: Role = .member, method: String = "LOCAL",
    password: String? = "pass1", isWelcomed: Bool = false
) -> AccountCommand {
    .createUser(
        .init(name: name, email: email, role: role, method: method, password: password, isWelcomed: isWelcomed))
}

private func signedIn(_ user: UserRecord) -> Principal {
    .user(id: user.id, role: Role(rawValue: user.role) ?? .viewer, credential: .accessToken(1))
}

@Suite struct UserCommandTests {
    @Test func `An account has its address trimmed and in lower case, and no other has it or the name`() async throws {
        try await withAuth { fixture in
            guard case .user(let id) = await fixture.perform(newUser("  Ada@Example.COM ", name: " ada ")) else {
                Issue.record("the account was not made")
                return
            }
            let user = try await fixture.user(id: id)
            #expect((user.email, user.name, user.role) == ("ada@example.com", "ada", "MEMBER"))
            #expect(user.mustResetPassword)
            #expect(try await fixture.isPassword("pass1", of: id))
            #expect(
                await fixture.refusal(newUser("ADA@example.com", name: "other"))
                    == AccountRefusal(.conflict, "Email already exists"))
            #expect(
                await fixture.refusal(newUser("other@example.com"))
                    == AccountRefusal(.conflict, "Username already exists"))
            #expect(try await fixture.count("users") == 1)
        }
    }

    @Test func `Of several who take an address at once one succeeds`() async throws {
        try await withAuth { fixture in
            let replies = await withTaskGroup(of: AccountReply.self, returning: [AccountReply].self) { group in
                for number in 0..<4 {
                    group.addTask {
                        await fixture.perform(newUser(name: "ada\(number)", method: "LDAP", password: nil))
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let refused = replies.filter { $0 == .refused(AccountRefusal(.conflict, "Email already exists")) }
            #expect(refused.count == 3)
            let users = try await fixture.count("users")
            #expect(users == 1)
        }
    }

    @Test func `Who signs in by password has a good one, and nobody else has any`() async throws {
        try await withAuth { fixture in
            let refused = [
                newUser(password: nil), newUser(password: ""), newUser(password: "abc"),
                newUser(password: "with space"),
                newUser(method: "OAUTH2"), newUser(method: "LDAP"), newUser("nobody"), newUser(name: "  "),
                newUser(role: .system), newUser(method: "MAGIC"),
            ]
            for command in refused { #expect(await fixture.refusal(command)?.kind == .invalid) }
            #expect(try await fixture.count("users") == 0)
            guard case .user(let id) = await fixture.perform(newUser(method: "OAUTH2", password: nil)) else {
                Issue.record("the account was not made")
                return
            }
            let user = try await fixture.user(id: id)
            #expect(user.method == .oauth2 && user.password == nil && !user.mustResetPassword)
        }
        let withoutPasswords = [
            "PHOENIX_DISABLE_BASIC_AUTH": "true", "PHOENIX_OAUTH2_X_CLIENT_ID": "x",
            "PHOENIX_OAUTH2_X_CLIENT_SECRET": "y", "PHOENIX_OAUTH2_X_OIDC_CONFIG_URL": "https://idp.example/",
        ]
        try await withAuth(withoutPasswords) { fixture in
            #expect(await fixture.refusal(newUser())?.kind == .invalid)
            let users = try await fixture.count("users")
            #expect(users == 0)
        }
    }

    @Test func `A welcome is entered with the account, where mail is set up and it is asked for`() async throws {
        let mail = ["PHOENIX_SMTP_HOSTNAME": "mail.example.com", "PHOENIX_ROOT_URL": "https://traces.example.com"]
        try await withAuth(mail) { fixture in
            _ = await fixture.perform(newUser(isWelcomed: true))
            _ = await fixture.perform(newUser("bob@example.com", name: "bob", isWelcomed: false))
            _ = await fixture.perform(newUser("eve@example.com", name: "ada", isWelcomed: true))
            let mails = try await fixture.database.read {
                try $0.query("SELECT recipient, text FROM mails").map { (try $0.text(0), try $0.text(1)) }
            }
            #expect(mails.map(\.0) == ["ada@example.com"])
            #expect(mails.first?.1.contains("https://traces.example.com/") == true)
            #expect(mails.first?.1.contains("pass1") == false)
            #expect(fixture.told.rings == 1)
        }
        try await withAuth { fixture in
            _ = await fixture.perform(newUser(isWelcomed: true))
            let mails = try await fixture.count("mails")
            #expect(mails == 0)
            #expect(fixture.told.rings == 0)
        }
    }

    @Test func `A new role or password ends the sessions of an account, and nothing else does`() async throws {
        try await withAuth { fixture in
            let id = try await fixture.makeUser().id
            let unchanging: [AccountCommand] = [
                .patchUser(.init(id: id, name: "lovelace")), .patchUser(.init(id: id, role: .member)),
            ]
            try await fixture.openSession(of: id)
            for command in unchanging { #expect(await fixture.perform(command) == .user(id)) }
            #expect(try await fixture.count("access_tokens") == 1)
            #expect(fixture.told.changes.isEmpty)

            #expect(await fixture.perform(.patchUser(.init(id: id, role: .viewer))) == .user(id))
            #expect(try await fixture.count("access_tokens") + fixture.count("refresh_tokens") == 0)
            try await fixture.openSession(of: id)
            #expect(await fixture.perform(.patchUser(.init(id: id, password: "fresh1"))) == .user(id))
            #expect(try await fixture.count("access_tokens") + fixture.count("refresh_tokens") == 0)
            #expect(fixture.told.changes.map(\.userIDs) == [[id], [id]])

            let user = try await fixture.user(id: id)
            #expect((user.name, user.role) == ("lovelace", "VIEWER"))
            #expect(user.mustResetPassword)
            #expect(try await fixture.isPassword("fresh1", of: id))
        }
    }

    @Test func `Some roles and passwords nobody can change`() async throws {
        try await withAuth { fixture in
            let first = try await fixture.makeUser("admin@localhost", role: .admin)
            let system = try await fixture.makeSystem()
            let own = try await fixture.makeUser("own@example.com", role: .admin)
            let outside = try await fixture.makeUser("out@example.com", password: nil, method: .oauth2)
            let expected: [(AccountCommand.UserPatch, AccountRefusal.Kind)] = [
                (.init(id: first.id, role: .viewer), .forbidden), (.init(id: own.id, role: .viewer), .forbidden),
                (.init(id: system.id, name: "root"), .notFound), (.init(id: 99, name: "x"), .notFound),
                (.init(id: outside.id, role: .system), .invalid), (.init(id: outside.id, password: "fresh1"), .invalid),
                (.init(id: own.id, password: "x"), .invalid), (.init(id: outside.id, name: "own"), .conflict),
            ]
            for (patch, kind) in expected {
                #expect(await fixture.refusal(.patchUser(patch), by: signedIn(own))?.kind == kind)
            }
            #expect(fixture.told.changes.isEmpty)
            #expect(try await fixture.user(id: first.id).role == "ADMIN")
        }
    }

    @Test func `A new password of one's own needs the current one, and signs out everywhere`() async throws {
        try await withAuth { fixture in
            let user = try await fixture.makeUser(role: .viewer)
            var marked = user
            marked.mustResetPassword = true
            try await fixture.database.write { [marked] in try UserRepository.update(marked, on: $0) }
            try await fixture.openSession(of: user.id)
            let refusal = AccountRefusal(.invalid, "Valid current password is required to modify password")
            for current in [nil, "", "wrong"] {
                let patch = AccountCommand.OwnPatch(password: "fresh1", currentPassword: current)
                #expect(await fixture.refusal(.patchViewer(patch), by: signedIn(user)) == refusal)
            }
            #expect(await fixture.perform(.patchViewer(.init(name: "lovelace")), by: signedIn(user)) == .user(user.id))
            #expect(try await fixture.count("access_tokens") == 1)

            let patch = AccountCommand.OwnPatch(password: "fresh1", currentPassword: "right")
            #expect(await fixture.perform(.patchViewer(patch), by: signedIn(user)) == .user(user.id))
            #expect(await fixture.refusal(.patchViewer(patch), by: signedIn(user)) == refusal)
            #expect(try await fixture.count("access_tokens") == 0)
            #expect(fixture.told.changes.map(\.userIDs) == [[user.id]])
            let changed = try await fixture.user(id: user.id)
            #expect(changed.name == "lovelace" && !changed.mustResetPassword)
            #expect(
                await fixture.refusal(.patchViewer(.init(name: "x")), by: .system(.adminSecret))?.kind == .forbidden)
        }
    }

    @Test func `A password that is replaced while it is checked proves nothing any more`() async throws {
        try await withAuth { fixture in
            let user = try await fixture.makeUser()
            let hasher = InterruptedHasher(hasher: fixture.hasher) {
                var user = user
                user.password = .current("meanwhile")
                try await fixture.database.write { [user] in try UserRepository.update(user, on: $0) }
            }
            let patch = AccountCommand.OwnPatch(password: "fresh1", currentPassword: "right")
            let request = AccountRequest(actor: signedIn(user), command: .patchViewer(patch))
            let reply = await fixture.commands(hasher: hasher).perform(request)
            #expect(
                reply == .refused(AccountRefusal(.invalid, "Valid current password is required to modify password")))
            #expect(try await fixture.user(id: user.id).password == .current("meanwhile"))
        }
    }

    @Test func `Accounts are deleted all or none, with what they prove themselves with`() async throws {
        try await withAuth { fixture in
            let first = try await fixture.makeUser("admin@localhost", role: .admin)
            let system = try await fixture.makeSystem()
            let ada = try await fixture.makeUser()
            let bob = try await fixture.makeUser("bob@example.com")
            try await fixture.openSession(of: ada.id)
            _ = await fixture.perform(.createKey(.init(isSystem: false, name: "mine")), by: signedIn(ada))
            _ = await fixture.perform(.createKey(.init(isSystem: true, name: "ours")))
            let unknown = AccountRefusal(.notFound, "Some user IDs could not be found")
            #expect(await fixture.refusal(.deleteUsers([ada.id, 99])) == unknown)
            #expect(await fixture.refusal(.deleteUsers([ada.id, system.id])) == unknown)
            #expect(
                await fixture.refusal(.deleteUsers([ada.id, first.id]))
                    == AccountRefusal(.forbidden, "Cannot delete the default admin user"))
            #expect(try await fixture.count("users") == 4)
            #expect(try await fixture.count("access_tokens") == 1)

            #expect(await fixture.perform(.deleteUsers([bob.id, ada.id, bob.id])) == .done)
            #expect(try await fixture.count("users") == 2)
            #expect(try await fixture.count("access_tokens") + fixture.count("refresh_tokens") == 0)
            let names = try await APIKeyRepository(database: fixture.database).keys(of: .system).map(\.name)
            #expect(names == ["ours"])
            #expect(try await fixture.count("api_keys") == 1)
            #expect(fixture.told.changes.map(\.userIDs) == [[ada.id, bob.id]])
        }
    }

    @Test func `Auth decides for itself who may do what`() async throws {
        try await withAuth { fixture in
            let ada = try await fixture.makeUser()
            let (byKey, key) = (
                Principal.user(id: ada.id, role: .admin, credential: .apiKey(7)),
                AccountCommand.NewKey(isSystem: false, name: "mine")
            )
            let expected: [(AccountCommand, Principal, DenialReason)] = [
                (newUser("b@example.com"), signedIn(ada), .adminsOnly),
                (.patchUser(.init(id: ada.id, role: .admin)), signedIn(ada), .adminsOnly),
                (.deleteUsers([ada.id]), signedIn(ada), .adminsOnly),
                (newUser("b@example.com"), .anyone, .authenticationIsOff),
                (.createKey(key), byKey, .keysMakeNoKeys),
                (.createKey(key), .system(.adminSecret), .systemHasNoUserKeys),
                (.createKey(.init(isSystem: true, name: "ours")), signedIn(ada), .adminsOnly),
                (.deleteKey(id: 1, isSystem: true), signedIn(ada), .adminsOnly),
                (
                    .deleteKey(id: 1, isSystem: false),
                    .user(id: ada.id, role: .admin, credential: .apiKey(7, scope: KeyScope(.read))), .outsideScope
                ),
            ]
            for (command, actor, reason) in expected {
                #expect(await fixture.refusal(command, by: actor) == AccountRefusal(.forbidden, reason.message))
            }
            #expect(try await fixture.count("users") == 1)
            #expect(try await fixture.count("api_keys") == 0)
        }
    }
}

@Suite struct APIKeyCommandTests {
    @Test func `A key proves who made it, within its scope and project, until it is deleted`() async throws {
        try await withAuth { fixture in
            let ada = try await fixture.makeUser()
            let project = try await ProjectRepository(database: fixture.database).create(name: "shop", description: nil)
            let command = AccountCommand.createKey(
                .init(
                    isSystem: false, name: " exporter ", expiresAt: fixture.clock.now + 1_000_000_000, scope: .ingest,
                    projectID: project.id))
            guard case .key(let id, let token) = await fixture.perform(command, by: signedIn(ada)) else {
                Issue.record("the key was not made")
                return
            }
            let clock = fixture.clock
            let authenticator = Authenticator(
                secret: Secret(AuthFixture.secret), adminSecret: nil, database: fixture.database, memory: .zero,
                now: { clock.now })
            let scope = KeyScope(.ingest, project: .init(id: project.id, name: "shop"))
            #expect(
                try await authenticator.principal(authorization: "Bearer \(token)", cookie: nil)
                    == .user(id: ada.id, role: .member, credential: .apiKey(id, scope: scope)))
            #expect(await fixture.perform(.deleteKey(id: id, isSystem: false), by: signedIn(ada)) == .done)
            #expect(fixture.told.changes.map(\.apiKeyIDs) == [[id]])
            await #expect(throws: AuthenticationRefusal.invalid) {
                try await authenticator.principal(authorization: "Bearer \(token)", cookie: nil)
            }
        }
    }

    @Test func `A key has a name, an expiry that is to come and a project that there is`() async throws {
        try await withAuth { fixture in
            let ada = try await fixture.makeUser()
            let now = fixture.clock.now
            let refused: [(AccountCommand.NewKey, AccountRefusal.Kind)] = [
                (.init(isSystem: false, name: " \t"), .invalid),
                (.init(isSystem: false, name: "late", expiresAt: now), .invalid),
                (.init(isSystem: false, name: "lost", projectID: 99), .notFound),
            ]
            for (key, kind) in refused {
                #expect(await fixture.refusal(.createKey(key), by: signedIn(ada))?.kind == kind)
            }
            #expect(try await fixture.count("api_keys") == 0)
        }
    }

    @Test func `Another's key is not found but for administrators, nor is one of the other kind`() async throws {
        try await withAuth { fixture in
            _ = try await fixture.makeSystem()
            let ada = try await fixture.makeUser()
            let bob = try await fixture.makeUser("bob@example.com")
            guard
                case .key(let own, _) = await fixture.perform(
                    .createKey(.init(isSystem: false, name: "mine")), by: signedIn(ada)),
                case .key(let ours, _) = await fixture.perform(.createKey(.init(isSystem: true, name: "ours")))
            else {
                Issue.record("the keys were not made")
                return
            }
            let lost = AccountRefusal(.notFound, "API key not found")
            #expect(await fixture.refusal(.deleteKey(id: own, isSystem: false), by: signedIn(bob)) == lost)
            #expect(await fixture.refusal(.deleteKey(id: ours, isSystem: false)) == lost)
            #expect(
                await fixture.refusal(.deleteKey(id: own, isSystem: true))
                    == AccountRefusal(.notFound, "System API key not found"))
            #expect(try await fixture.count("api_keys") == 2)
            #expect(fixture.told.changes.isEmpty)
            #expect(await fixture.perform(.deleteKey(id: own, isSystem: false)) == .done)
            #expect(await fixture.perform(.deleteKey(id: ours, isSystem: true), by: .system(.apiKey(5))) == .done)
            #expect(try await fixture.count("api_keys") == 0)
        }
    }

    @Test func `What holds a password or a token does not print it`() {
        let values: [Any] = [
            AccountRequest(actor: admin, command: newUser(password: "hunter2")),
            AccountRequest(actor: admin, command: .patchUser(.init(id: 1, password: "hunter2"))),
            AccountRequest(actor: admin, command: .patchViewer(.init(password: "hunter2", currentPassword: "hunter2"))),
            AccountReply.key(id: 1, token: "hunter2"),
        ]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] { #expect(!text.contains("hunter2")) }
        }
    }
}
