import NIOCore
import NIOPosix
import Testing

@testable import HTTP

@Suite("Buffers that connections read into")
struct ReceiveBuffersTests {
    @Test("once all of a large message was read, nothing but a small buffer is kept")
    func kept() {
        var pool = NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: FreshBuffers(bytesMax: 65_536))
        var capacities: [Int] = []
        for _ in 0..<20 {
            let (buffer, count) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
                let count = buffer.writableBytes
                buffer.writeRepeatingByte(7, count: count)
                return count
            }
            capacities.append(buffer.capacity)
            pool.record(actualReadBytes: count)
        }
        #expect(capacities.first == 2048)
        #expect(capacities.max() == 65_536)
        #expect(pool.count == 1)
        // What it would hand out again is what it holds.
        #expect(KeptBuffer.capacity(of: pool) == 2048)
    }

    @Test("a connection is told to keep none")
    func connection() async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { $0.eventLoop.makeSucceededVoidFuture() }
            .bind(host: "127.0.0.1", port: 0).get()
        let address = try #require(server.localAddress)
        let client = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ReceiveBuffers(bytesMax: 4096))
                }
            }
            .connect(to: address).get()
        #expect(try await client.getOption(.maxMessagesPerRead).get() == 1)
        #expect(try await client.getOption(.recvAllocator).get() is FreshBuffers)
        try await client.close()
        try await server.close()
    }
}

private enum KeptBuffer {
    static func capacity(of pool: NIOPooledRecvBufferAllocator) -> Int? {
        let mirror = Mirror(reflecting: pool).children.first { $0.label == "_buffer" }
        return (mirror?.value as? ByteBuffer)?.capacity
    }
}
