import Hummingbird
import NIOCore

/// What routes know of a request beside itself: its logger, the parts of its path and who is at the other end.
public struct ServiceRequestContext: RequestContext, RemoteAddressRequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Of the connection: a proxy's, where one stands in front.
    public let remoteAddress: SocketAddress?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}
