import Access
import Hummingbird
import NIOCore

/// What routes know of a request beside itself: its logger, the parts of its path, who is at the other end of the
/// connection and who makes the request.
protocol AuthenticatedRequestContext: RequestContext {
    /// Nil until `RequestAccess` has let the request through, and behind it where a route is open to everybody.
    var principal: Principal? { get set }
}

struct APIRequestContext: AuthenticatedRequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    /// Of the connection: a proxy's, where one stands in front.
    let remoteAddress: SocketAddress?
    var principal: Principal?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}
