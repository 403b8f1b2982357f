import Access
import HTTP
import Hummingbird
import NIOCore

/// What routes know of a request beside itself: its logger, the parts of its path, who is at the other end of the
/// connection and who makes the request.
protocol AuthenticatedRequestContext: RequestContext {
    /// Nil until `RequestAccess` has let the request through, and behind it where a route is open to everybody.
    var principal: Principal? { get set }
}

struct APIRequestContext: AuthenticatedRequestContext, ConnectedRequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var principal: Principal?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
