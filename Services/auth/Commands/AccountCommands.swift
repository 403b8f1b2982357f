import Access
import Database
import Domain
import Identity
import Logging
import Messaging
import Settings
import Storage

/// Carries out what people who manage accounts and keys ask for.
struct AccountCommands: Sendable {
    let database: Database
    let hasher: any PasswordChecking
    let signer: TokenSigner
    let settings: Settings
    /// Tells all services that credentials have changed, after the commit.
    let announce: @Sendable (CredentialsChanged) -> Void
    /// Tells a mailer that there is something for it.
    let ring: @Sendable () -> Void
    let logger: Logger
    var now: @Sendable () -> Int64 = { SystemClock.now() }

    func perform(_ request: AccountRequest) async -> AccountReply {
        if case .denied(let reason) = Permissions.decide(request.command.rule, for: request.actor) {
            return .refused(AccountRefusal(.forbidden, reason.message))
        }
        do {
            return try await carryOut(request)
        } catch let refusal as AccountRefusal {
            return .refused(refusal)
        } catch DatabaseError.uniqueViolation(let constraint) {
            return .refused(Self.conflict(constraint))
        } catch DatabaseError.foreignKeyViolation {
            return .refused(AccountRefusal(.notFound, "Not found"))
        } catch DatabaseError.diskFull, DatabaseError.readOnly {
            return .refused(AccountRefusal(.storageFull, "the database has no room"))
        } catch {
            // A database that is away is told of elsewhere.
            if (error as? DatabaseError)?.isRetryable != true {
                logger.error("accounts could not be changed", metadata: ["error": "\(error)"])
            }
            return .refused(AccountRefusal(.unavailable, "accounts cannot be changed at the moment; try again"))
        }
    }

    private func carryOut(_ request: AccountRequest) async throws -> AccountReply {
        switch request.command {
        case .createUser(let user): try await create(user)
        case .patchUser(let patch): try await change(patch, by: request.actor)
        case .patchViewer(let patch): try await changeOwn(patch, by: request.actor)
        case .deleteUsers(let ids): try await delete(ids)
        case .createKey(let key): try await create(key, by: request.actor)
        case .deleteKey(let id, let isSystem): try await deleteKey(id, isSystem: isSystem, by: request.actor)
        }
    }

    /// Of two who take a name or an address at once one succeeds.
    private static func conflict(_ constraint: String) -> AccountRefusal {
        if constraint.contains("email") { return AccountRefusal(.conflict, "Email already exists") }
        if constraint.contains("name") { return AccountRefusal(.conflict, "Username already exists") }
        return AccountRefusal(.conflict, "Another account belongs to this person")
    }

    /// The hash of a password that keeps the rules.
    func hash(_ text: String) async throws -> String {
        let password = Secret(text)
        let policy = settings.accounts.passwordPolicy
        let broken = policy.check(password)
        guard broken.isEmpty else {
            throw AccountRefusal(.invalid, "Password " + broken.map(policy.describe).joined(separator: ", "))
        }
        do {
            return try await hasher.hash(password).stored
        } catch is PasswordHasher.Overloaded {
            throw AccountRefusal(.unavailable, "too many passwords are being set; try again")
        }
    }

    /// A name as it is kept. Throws where it is another's, or nothing.
    static func name(_ text: String, of id: Int64?, on connection: DatabaseConnection) throws -> String {
        let name = text.trimmingWhitespace()
        guard !name.isEmpty else { throw AccountRefusal(.invalid, "Username cannot be empty") }
        if let other = try UserRepository.user(.name(name), on: connection), other.id != id {
            throw AccountRefusal(.conflict, "Username already exists")
        }
        return name
    }
}
