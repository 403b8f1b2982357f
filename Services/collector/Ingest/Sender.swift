import Access
import HTTP

/// Who sends: whose share of the queue a request counts for.
struct Sender: Sendable, Hashable {
    /// Distinct for each sender; never shown.
    let name: String
    /// The one project that it may send to; nil for any.
    let project: String?

    init(_ principal: Principal, address: SenderAddress) {
        project = principal.scope.project?.name
        switch principal {
        case .anyone: name = "address \(address.text)"
        case .user(_, _, .apiKey(let id, _)), .system(.apiKey(let id, _)): name = "key \(id)"
        case .user(let id, _, .accessToken): name = "user \(id)"
        case .system(.adminSecret): name = "admin secret"
        }
    }
}
