import Access
import Database
import Domain
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Messaging
import Storage

/// `/auth/password-reset-email` and `/auth/password-reset`: a new password for who can read the account's mail.
struct PasswordResetRoutes: Sendable {
    private struct Asked: Decodable { var email: String? }

    private struct Chosen: Decodable {
        var token: String?
        var password: String?
    }

    private static let invalidToken = APIError(.unauthorized, "Invalid token")
    /// An answer takes at least so long, whether there was a mail to write or not.
    private static let answerTime = Duration.milliseconds(250)

    let database: Database
    let hasher: any PasswordChecking
    let signer: TokenSigner
    let policy: PasswordPolicy
    let hasPasswords: Bool
    let hasMail: Bool
    let life: Duration
    let origin: RequestOrigin
    let limits: RouteLimits
    let announce: @Sendable (CredentialsChanged) -> Void
    /// Tells a mailer that there is something for it.
    let ring: @Sendable () -> Void
    let now: @Sendable () -> Int64

    func add<Context: RemoteAddressRequestContext>(to routes: some RouterMethods<Context>) {
        routes.post("/auth/password-reset-email") { request, context in
            try limits.check(request, context, "password-reset-email")
            return try await sendMail(request)
        }
        routes.post("/auth/password-reset") { request, context in
            try limits.check(request, context, "password-reset")
            return try await reset(request)
        }
    }

    // MARK: The mail

    private func sendMail(_ request: Request) async throws -> Response {
        guard hasPasswords else { throw PasswordSignIn.off }
        guard let email = try await request.decodedBody(Asked.self)?.email, !email.isEmpty else {
            throw APIError.invalid("Email required")
        }
        guard hasMail else { return Self.mailIsOff }
        let end = ContinuousClock.now + Self.answerTime
        let account = SignInLimit.account(email)
        let base = origin.linkBase(of: request)
        if try await enqueue(account, base) { ring() }
        try await Task.sleep(until: end, clock: .continuous)
        return .noContent()
    }

    private static var mailIsOff: Response {
        Response(
            status: .serviceUnavailable,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: "SMTP server not configured")))
    }

    private func enqueue(_ account: String, _ base: String) async throws -> Bool {
        do {
            return try await database.write { try enqueue(account, base, on: $0) }
        } catch DatabaseError.uniqueViolation {
            // Somebody asked for the same account at the same time.
            return try await database.write { try enqueue(account, base, on: $0) }
        }
    }

    /// One token at a time: the link of an earlier mail is worth nothing from now on.
    private func enqueue(_ account: String, _ base: String, on connection: DatabaseConnection) throws -> Bool {
        guard let user = try UserRepository.user(.email(account), on: connection), user.signsInByPassword else {
            return false
        }
        let number = try TokenRepository.replacePasswordResetToken(
            of: user.id, life: life.nanoseconds, on: connection, now: now())
        let token = signer.sign(TokenID(.passwordReset, number))
        let mail = AccountMails.passwordReset(
            to: user.email, name: user.name, link: "\(base)/reset-password-with-token?token=\(token.revealed)",
            minutes: life.components.seconds / 60)
        try MailOutbox.enqueue(mail, on: connection, now: now())
        return true
    }

    // MARK: The password

    private func reset(_ request: Request) async throws -> Response {
        guard hasPasswords else { throw PasswordSignIn.off }
        let chosen = try await request.decodedBody(Chosen.self)
        guard let text = chosen?.password, !text.isEmpty else { throw APIError.invalid("Password required") }
        guard let token = chosen?.token, let id = try? signer.verify(Secret(token)), id.kind == .passwordReset,
            try await database.read({ try liveToken(id.number, on: $0) }) != nil
        else { throw Self.invalidToken }
        let password = Secret(text)
        let broken = policy.check(password)
        guard broken.isEmpty else {
            throw APIError.invalid("Password " + broken.map(policy.describe).joined(separator: ", "))
        }
        let hash = try await hasher.hash(password)
        let user = try await database.write { try set(hash, by: id.number, on: $0) }
        announce(CredentialsChanged(userIDs: [user]))
        return .noContent()
    }

    private func liveToken(_ id: Int64, on connection: DatabaseConnection) throws -> TokenRepository.Token? {
        let token = try TokenRepository.passwordResetToken(id, on: connection)
        return token.flatMap { $0.expiresAt > now() ? $0 : nil }
    }

    /// Returns whose it was.
    private func set(_ hash: PasswordHash, by token: Int64, on connection: DatabaseConnection) throws -> Int64 {
        guard let token = try liveToken(token, on: connection),
            var user = try UserRepository.user(.id(token.userID), on: connection, locking: true),
            user.signsInByPassword,
            try TokenRepository.consumePasswordResetToken(token.id, on: connection) != nil
        else { throw Self.invalidToken }
        user.password = .current(hash.stored)
        user.mustResetPassword = false
        try UserRepository.update(user, on: connection, now: now())
        try TokenRepository.endSessions(of: user.id, on: connection)
        try SignInFailures.reset(account: user.email, on: connection)
        return user.id
    }
}

extension UserRecord {
    fileprivate var signsInByPassword: Bool { method == .local && role != Role.system.rawValue }
}
