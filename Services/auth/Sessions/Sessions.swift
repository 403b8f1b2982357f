import Database
import Domain
import HTTP
import HTTPTypes
import Identity
import Messaging
import Settings
import Storage

/// Begins, renews and ends sessions: a refresh token and the access token that came of it, both in cookies.
struct Sessions: SessionOpening {
    enum Cookie {
        static let access = "phoenix-access-token"
        static let refresh = "phoenix-refresh-token"
    }

    /// Why a session is not renewed; the texts are Phoenix's.
    enum RefreshRefusal {
        static let missing = APIError(.unauthorized, "Missing refresh token")
        static let invalid = APIError(.unauthorized, "Invalid refresh token")
        static let expired = APIError(.unauthorized, "Expired refresh token")
        static let userGone = APIError(.notFound, "User not found")
    }

    let database: Database
    let signer: TokenSigner
    let scope: CookieScope
    let accessLife: Duration
    let refreshLife: Duration
    /// Tells all services, after the commit.
    let announce: @Sendable (CredentialsChanged) -> Void
    let now: @Sendable () -> Int64

    func cookies(openingSessionOf user: Int64) async throws -> [String] {
        do {
            return cookies(of: try await database.write { try open(user, on: $0) })
        } catch DatabaseError.foreignKeyViolation {
            throw APIError(.unauthorized, "the account has just been deleted")
        }
    }

    /// As a part of the transaction that has found out whose session it is.
    func open(_ user: Int64, on connection: DatabaseConnection) throws -> TokenRepository.Session {
        try TokenRepository.openSession(
            of: user, accessLife: accessLife.nanoseconds, refreshLife: refreshLife.nanoseconds, on: connection,
            now: now())
    }

    func cookies(of session: TokenRepository.Session) -> [String] {
        let access = signer.sign(TokenID(.access, session.accessTokenID))
        let refresh = signer.sign(TokenID(.refresh, session.refreshTokenID))
        return [
            scope.strict(Cookie.access, access.revealed, seconds: accessLife.components.seconds),
            scope.strict(Cookie.refresh, refresh.revealed, seconds: refreshLife.components.seconds),
        ]
    }

    /// What takes a session's cookies away.
    var deletions: [String] {
        [Cookie.access, Cookie.refresh].map { scope.strict($0, "", seconds: 0) }
    }

    /// Puts a new session in the place of the one that a refresh token belongs to. Of two who try at once with the same
    /// token one succeeds.
    func renew(_ token: Secret?) async throws -> [String] {
        guard let token else { throw RefreshRefusal.missing }
        guard let id = try? signer.verify(token), id.kind == .refresh else { throw RefreshRefusal.invalid }
        let (session, ended) = try await database.write { connection in
            guard let known = try TokenRepository.refreshToken(id.number, on: connection) else {
                throw RefreshRefusal.invalid
            }
            guard known.expiresAt > now() else { throw RefreshRefusal.expired }
            // Accounts are locked before their tokens everywhere, so that nobody waits in a circle.
            guard let user = try UserRepository.user(.id(known.userID), on: connection, locking: true) else {
                throw RefreshRefusal.userGone
            }
            guard let ended = try TokenRepository.endSession(refreshToken: known.id, on: connection) else {
                throw RefreshRefusal.invalid
            }
            return (try open(user.id, on: connection), ended)
        }
        announce(CredentialsChanged(accessTokenIDs: ended))
        return cookies(of: session)
    }

    /// Ends all sessions of whoever one of the tokens belongs to, on every device. Tokens that say nothing end nothing.
    func end(access: Secret?, refresh: Secret?) async throws {
        let accessID = access.flatMap { try? signer.verify($0) }
        let refreshID = refresh.flatMap { try? signer.verify($0) }
        let user = try await database.write { connection -> Int64? in
            let user = try owner(access: accessID, refresh: refreshID, on: connection)
            guard let user, try UserRepository.user(.id(user), on: connection, locking: true) != nil else { return nil }
            try TokenRepository.endSessions(of: user, on: connection)
            return user
        }
        if let user { announce(CredentialsChanged(userIDs: [user])) }
    }

    private func owner(access: TokenID?, refresh: TokenID?, on connection: DatabaseConnection) throws -> Int64? {
        var tokens: [TokenRepository.Token?] = []
        if let access, access.kind == .access {
            tokens.append(try TokenRepository.accessToken(access.number, on: connection))
        }
        if let refresh, refresh.kind == .refresh {
            tokens.append(try TokenRepository.refreshToken(refresh.number, on: connection))
        }
        return tokens.compactMap { $0 }.first { $0.expiresAt > now() }?.userID
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * Timestamp.nanosecondsPerSecond }
}
