import HTTP
import NIOCore
import Synchronization

/// Has a connection over which large messages come read in larger pieces, which saves a tenth of a collector's CPU a span.
///
/// HTTP/2's decoder keeps a buffer as large as the largest of a connection's reads for as long as it lives, so only so many
/// connections at a time have this. Stands in their pipeline and does nothing there but count.
final class LargeReads: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    /// How many more connections may have it.
    final class Places: Sendable {
        private let left: Mutex<Int>

        init(_ count: Int = 128) {
            left = Mutex(count)
        }

        var count: Int { left.withLock { $0 } }

        fileprivate func take() -> Bool {
            left.withLock { left in
                guard left > 0 else { return false }
                left -= 1
                return true
            }
        }

        fileprivate func giveBack() { left.withLock { $0 += 1 } }
    }

    /// Shorter messages come in a few small reads.
    private static let messageLengthMin = 131_072
    private static let readBytes = 65_536
    /// Of all other connections.
    private static let smallReadBytes = 16_384

    private let places: Places
    private var hasPlace = false

    private init(_ places: Places) {
        self.places = places
    }

    /// Has a connection read in small pieces until a large message comes. To be called before anything is read.
    static func prepare(_ connection: any Channel, _ places: Places) throws {
        ReceiveBuffers(bytesMax: smallReadBytes).keepNone(on: connection)
        try connection.pipeline.syncOperations.addHandler(LargeReads(places))
    }

    /// To be told of each message as it begins, on the event loop of its connection.
    static func messageBegins(ofLength length: Int, on connection: (any Channel)?) {
        guard length >= messageLengthMin, let connection,
            let handler = try? connection.pipeline.syncOperations.handler(type: LargeReads.self)
        else { return }
        handler.begin(on: connection)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if hasPlace { places.giveBack() }
        hasPlace = false
    }

    private func begin(on connection: any Channel) {
        guard !hasPlace, places.take() else { return }
        hasPlace = true
        ReceiveBuffers(bytesAtFirst: Self.readBytes, bytesMax: Self.readBytes).keepNone(on: connection)
    }
}
