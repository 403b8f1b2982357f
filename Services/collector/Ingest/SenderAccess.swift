import Access
import HTTP

/// Lets in who may write spans: everybody where authentication is off, else all that show a credential and are no viewers.
struct SenderAccess: Sendable {
    let authenticator: any Authenticating
    /// Those that were let in lately, by key or account.
    let known = KnownSenders()

    /// Throws `unauthenticated`, `forbidden`, or `credentialsUnavailable` where it cannot be found out at the moment.
    func sender(authorization: String?, address: SenderAddress) async throws(IngestRefusal) -> Sender {
        let principal: Principal
        do throws(AuthenticationRefusal) {
            principal = try await authenticator.principal(authorization: authorization, cookie: nil)
        } catch {
            if let authorization { known.forget(authorization: authorization) }
            throw error == .unavailable ? .credentialsUnavailable : .unauthenticated(error.message)
        }
        // Which projects they are for is seen once they are decoded.
        if case .denied = Permissions.decide(.ingest, for: principal, isOfProject: { _ in true }) { throw .forbidden }
        let sender = Sender(principal, address: address)
        if principal != .anyone, let authorization { known.remember(sender, authorization: authorization) }
        return sender
    }
}
