import Access
import Database
import Domain
import Identity
import Messaging
import Storage

extension AccountCommands {
    /// System keys are the system's, whoever makes them; others their maker's.
    func create(_ key: AccountCommand.NewKey, by actor: Principal) async throws -> AccountReply {
        let name = key.name.trimmingWhitespace()
        guard !name.isEmpty else { throw AccountRefusal(.invalid, "Name cannot be empty") }
        if let expiresAt = key.expiresAt, expiresAt <= now() {
            throw AccountRefusal(.invalid, "Expiry must be in the future")
        }
        let id = try await database.write { connection in
            let owner = key.isSystem ? try UserRepository.system(on: connection)?.id : actor.userID
            guard let owner else { throw AccountRefusal(.notFound, "User not found") }
            return try APIKeyRepository.insert(
                APIKeyDraft(
                    userID: owner, name: name, description: key.description, scope: key.scope.rawValue,
                    projectID: key.projectID, expiresAt: key.expiresAt),
                on: connection, now: now()
            ).id
        }
        return .key(id: id, token: signer.sign(TokenID(.apiKey, id)).revealed)
    }

    /// Another's key is not found, unless an administrator asks, so that nobody learns which keys there are.
    func deleteKey(_ id: Int64, isSystem: Bool, by actor: Principal) async throws -> AccountReply {
        let owner: APIKeyRepository.Owner =
            if isSystem {
                .system
            } else if actor.role.isAdmin {
                .anyPerson
            } else {
                .user(actor.userID ?? 0)
            }
        try await database.write { connection in
            guard try APIKeyRepository.key(id: id, of: owner, on: connection) != nil,
                try APIKeyRepository.delete(id: id, on: connection)
            else { throw AccountRefusal(.notFound, isSystem ? "System API key not found" : "API key not found") }
        }
        announce(CredentialsChanged(apiKeyIDs: [id]))
        return .done
    }
}
