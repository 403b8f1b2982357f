import Hummingbird
import NIOCore

/// A context that knows the connection on which its request came.
public protocol ConnectedRequestContext: RemoteAddressRequestContext {
    /// The connection.
    var channel: any Channel { get }
}

extension ConnectedRequestContext {
    /// Of the connection: a proxy's, where one stands in front.
    public var remoteAddress: SocketAddress? { channel.remoteAddress }
}

/// What routes know of a request beside itself: its logger, the parts of its path and its connection.
public struct ServiceRequestContext: ConnectedRequestContext {
    public var coreContext: CoreRequestContextStorage
    public let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
