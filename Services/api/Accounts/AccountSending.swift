import Access
import HTTP
import Messaging

/// Has accounts and keys changed by auth, whose matter they are.
protocol AccountSending: Sendable {
    /// Throws `AccountRefusal` for what is not done; of its kinds `unavailable` where auth does not answer.
    func send(_ command: AccountCommand, by actor: Principal) async throws(AccountRefusal) -> AccountReply
}

/// Sends them over the bus.
struct BusAccountSender: AccountSending {
    // Longer than to hash a password behind a queue of others.
    private static let patience = Duration.seconds(10)

    let bus: MessageBus

    func send(_ command: AccountCommand, by actor: Principal) async throws(AccountRefusal) -> AccountReply {
        // Where authentication is off nobody over there would answer.
        if case .denied(let reason) = Permissions.decide(command.rule, for: actor) {
            throw AccountRefusal(.forbidden, reason.message)
        }
        let reply: AccountReply
        do {
            reply = try await bus.request(
                AccountRequest(actor: actor, command: command), of: .auth, timeout: Self.patience)
        } catch {
            throw AccountRefusal(.unavailable, "accounts cannot be changed at the moment; try again")
        }
        if case .refused(let refusal) = reply { throw refusal }
        return reply
    }
}

extension APIError {
    /// What REST answers to a refusal.
    init(_ refusal: AccountRefusal) {
        switch refusal.kind {
        case .invalid: self = .invalid(refusal.message)
        case .conflict: self.init(.conflict, refusal.message)
        case .notFound: self = .notFound(refusal.message)
        case .forbidden: self.init(.forbidden, refusal.message)
        case .storageFull:
            self.init(
                .init(code: 507, reasonPhrase: "Insufficient Storage"), refusal.message, retryAfter: .seconds(30))
        case .unavailable: self.init(.serviceUnavailable, refusal.message, retryAfter: .seconds(1))
        }
    }
}
