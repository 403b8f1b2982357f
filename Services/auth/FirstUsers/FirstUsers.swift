import Access
import Database
import Domain
import Identity
import Logging
import ServiceLifecycle
import ServiceRuntime
import Settings
import Storage

/// The accounts that every deployment begins with: the system's, the first administrator's and those of `PHOENIX_ADMINS`.
/// Any number of replicas may begin at once.
struct FirstUsers: Sendable {
    /// What everybody knows, and nobody may keep.
    static let wellKnownPassword = Secret("admin")
    private static let attemptsMax = 5

    /// An account that may have to be made.
    private struct Candidate: Sendable {
        var draft: UserDraft
        var isWelcomed = false
    }

    let database: Database
    let hasher: any PasswordChecking
    let settings: Settings
    /// Tells a mailer that there is something for it.
    let ring: @Sendable () -> Void

    /// Makes those that there are not yet, and leaves all others alone.
    func make() async throws {
        var attempt = 1
        while true {
            do {
                return try await attemptToMake()
            } catch DatabaseError.uniqueViolation where attempt < Self.attemptsMax {
                // Another replica was faster; what it made is left alone the next time.
                attempt += 1
            }
        }
    }

    private func attemptToMake() async throws {
        let missing = try await database.read { try missingUsers(on: $0) }
        guard !missing.isEmpty else { return }
        var candidates: [Candidate] = []
        for var candidate in missing {
            if let password = password(of: candidate.draft) {
                candidate.draft.passwordHash = try await hasher.hash(password).stored
            }
            candidates.append(candidate)
        }
        try await database.write { [candidates] in try insert(candidates, on: $0) }
        if candidates.contains(where: \.isWelcomed) { ring() }
    }

    // MARK: Who is to be there

    private func missingUsers(on connection: DatabaseConnection) throws -> [Candidate] {
        var missing: [Candidate] = []
        if try UserRepository.system(on: connection) == nil {
            missing.append(
                Candidate(
                    draft: UserDraft(
                        name: "system", email: EmailAddress.system.text, role: Role.system.rawValue, method: .local)))
        }
        if try needsAdmin(on: connection) { missing.append(try defaultAdmin(on: connection)) }
        for administrator in settings.accounts.administrators {
            let isThere =
                try UserRepository.user(.email(administrator.email.text), on: connection) != nil
                || UserRepository.user(.name(administrator.name), on: connection) != nil
            if !isThere { missing.append(candidate(administrator)) }
        }
        return missing
    }

    /// Not where people have administrators already: nobody expects a known password there.
    private func needsAdmin(on connection: DatabaseConnection) throws -> Bool {
        try UserRepository.user(.email(EmailAddress.defaultAdmin.text), on: connection) == nil
            && !UserRepository.hasUser(ofRole: Role.admin.rawValue, on: connection)
    }

    private func defaultAdmin(on connection: DatabaseConnection) throws -> Candidate {
        let password = settings.accounts.initialAdminPassword ?? Self.wellKnownPassword
        return Candidate(
            draft: UserDraft(
                name: try AccountName.free("admin", on: connection), email: EmailAddress.defaultAdmin.text,
                role: Role.admin.rawValue, method: .local, mustResetPassword: password == Self.wellKnownPassword))
    }

    /// They sign in as people here do.
    private func candidate(_ administrator: AccountSettings.Administrator) -> Candidate {
        var method = UserRecord.Method.local
        if !settings.accounts.hasPasswords {
            method = !settings.oauth2.isEmpty ? .oauth2 : settings.ldap != nil ? .ldap : .local
        }
        return Candidate(
            draft: UserDraft(
                name: administrator.name, email: administrator.email.text, role: Role.admin.rawValue, method: method,
                mustResetPassword: method == .local),
            isWelcomed: settings.mail != nil)
    }

    /// A random one, which nobody ever learns, for who chooses one by mail.
    private func password(of draft: UserDraft) -> Secret? {
        if draft.email == EmailAddress.defaultAdmin.text {
            return settings.accounts.initialAdminPassword ?? Self.wellKnownPassword
        }
        guard draft.method == .local, draft.role != Role.system.rawValue else { return nil }
        return Secret(Hex.encode((0..<32).map { _ in UInt8.random(in: .min ... .max) }))
    }

    private func insert(_ candidates: [Candidate], on connection: DatabaseConnection) throws {
        for candidate in candidates {
            let user = try UserRepository.insert(candidate.draft, on: connection)
            guard candidate.isWelcomed else { continue }
            let page = user.method == .local ? "forgot-password" : "login"
            let link = "\(settings.network.rootURL)/\(page)"
            try MailOutbox.enqueue(AccountMails.welcome(to: user.email, name: user.name, link: link), on: connection)
        }
    }
}

/// Makes the first users as soon as the database can be used; until then nobody can sign in.
final class FirstUsersService: Service {
    private static let pause = Duration.seconds(1)

    private let users: FirstUsers
    private let gate: DatabaseGate
    private let opening: Opening
    private let logger: Logger

    init(_ users: FirstUsers, gate: DatabaseGate, opening: Opening, logger: Logger) {
        self.users = users
        self.gate = gate
        self.opening = opening
        self.logger = logger
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown { [self] in
            try await gate.wait()
            while !opening.isOpen {
                do {
                    try await users.make()
                    opening.open()
                } catch let error as CancellationError {
                    throw error
                } catch {
                    logger.warning("the first users cannot be made yet", metadata: ["error": "\(error)"])
                    try await Task.sleep(for: Self.pause)
                }
            }
        }
        // A service that returns ends the others.
        try? await gracefulShutdown()
    }
}
