import NIOCore

/// Has a connection read into buffers that are gone as soon as what was read is.
///
/// NIO keeps up to four of them for each connection, of up to 64 KiB, for as long as it lives: ten thousand clients that
/// have each sent a batch, and now wait for the next one, would hold 2.5 GB.
public final class ReceiveBuffers: ChannelInboundHandler, RemovableChannelHandler {
    public typealias InboundIn = NIOAny

    private let bytesAtFirst: Int
    private let bytesMax: Int

    /// Reads of at most so many bytes, a power of two, beginning with those that are read at first.
    public init(bytesAtFirst: Int = 2048, bytesMax: Int = 65_536) {
        self.bytesAtFirst = bytesAtFirst
        self.bytesMax = bytesMax
    }

    public func handlerAdded(context: ChannelHandlerContext) {
        keepNone(on: context.channel)
    }

    /// What the handler does when it is added. To be called before anything is read, or to read less or more from now on.
    public func keepNone(on connection: any Channel) {
        guard let options = connection.syncOptions else { return }
        // A connection that does not know these options works as well without.
        try? options.setOption(.maxMessagesPerRead, value: 1)
        try? options.setOption(.recvAllocator, value: FreshBuffers(bytesAtFirst: bytesAtFirst, bytesMax: bytesMax))
    }
}

/// Sizes as NIO's own. NIO keeps the first buffer, which is small, and no other: it would keep them only if it were told a
/// size ahead, and take the first one again only if the size had not grown.
struct FreshBuffers: RecvByteBufferAllocator {
    private var sizes: AdaptiveRecvByteBufferAllocator

    init(bytesAtFirst: Int = 2048, bytesMax: Int) {
        sizes = AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: bytesAtFirst, maximum: bytesMax)
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        sizes.buffer(allocator: allocator)
    }

    mutating func record(actualReadBytes: Int) -> Bool {
        _ = sizes.record(actualReadBytes: actualReadBytes)
        return true
    }

    func nextBufferSize() -> Int? { nil }
}
