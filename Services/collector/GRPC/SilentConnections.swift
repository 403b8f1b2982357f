import NIOCore

/// Ends a connection from which nothing comes, not even the answers to gRPC's keepalive: gRPC itself says goodbye to such a
/// peer and then waits for its answer for ever.
///
/// Stands behind an `IdleStateHandler`, on the connection's event loop.
final class SilentConnections: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .read? = event as? IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Adds it to a new connection. `silenceMax` must be longer than a keepalive takes to be answered.
    static func add(to connection: any Channel, silenceMax: TimeAmount) throws {
        try connection.pipeline.syncOperations.addHandlers(
            [IdleStateHandler(readTimeout: silenceMax), SilentConnections()], position: .first)
    }
}
