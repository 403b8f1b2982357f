import Access
import Database
import Domain
import HTTP
import Identity
import Storage

/// What hashes and checks passwords.
protocol PasswordChecking: Sendable {
    func hash(_ password: Secret) async throws -> PasswordHash
    func check(_ password: Secret, against stored: StoredPassword) async throws -> PasswordVerdict
}

extension PasswordHasher: PasswordChecking {}

/// Sign-in by mail address and password. An address that nobody has and a wrong password cannot be told apart: the words are
/// the same, and so is the work.
struct PasswordSignIn: Sendable {
    static let off = APIError(.forbidden, "Forbidden")
    private static let wrong = APIError(.unauthorized, "Invalid email and/or password")

    let database: Database
    let hasher: any PasswordChecking
    let sessions: Sessions
    let limit: SignInLimit

    /// The cookies of a new session.
    func cookies(email: String, password: Secret, from address: SenderAddress) async throws -> [String] {
        let account = SignInLimit.account(email)
        let user = try await database.read { connection in
            try limit.check(account, address, on: connection)
            return try UserRepository.user(.email(account), on: connection)
        }
        let verdict = try await hasher.check(password, against: StoredPassword(user))
        let session = try await database.write { connection -> TokenRepository.Session? in
            // Again: others may have guessed at the same time.
            try limit.check(account, address, on: connection)
            guard let user, try accept(user, verdict, on: connection) else {
                try limit.note(account, address, on: connection)
                return nil
            }
            try limit.reset(account, address, on: connection)
            return try sessions.open(user.id, on: connection)
        }
        guard let session else { throw Self.wrong }
        return sessions.cookies(of: session)
    }

    /// Whether the account is still as it was when its password was found right. Puts a stronger hash in place of a weak one.
    private func accept(
        _ user: UserRecord, _ verdict: PasswordVerdict, on connection: DatabaseConnection
    ) throws -> Bool {
        guard verdict != .wrong, var current = try UserRepository.user(.id(user.id), on: connection, locking: true),
            current.password == user.password, current.method == user.method
        else { return false }
        if case .rightButOutdated(let replacement) = verdict {
            current.password = .current(replacement.stored)
            try UserRepository.update(current, on: connection)
        }
        return true
    }
}

extension StoredPassword {
    /// What somebody who says that they are this account must know.
    init(_ user: UserRecord?) {
        guard let user, user.method == .local, user.role != Role.system.rawValue else {
            self = .none
            return
        }
        switch user.password {
        case .current(let text): self = PasswordHash(stored: text).map(StoredPassword.current) ?? .none
        case .legacy(let salt, let hash):
            self = LegacyPasswordHash(salt: salt, hash: hash).map(StoredPassword.legacy) ?? .none
        case nil: self = .none
        }
    }
}
