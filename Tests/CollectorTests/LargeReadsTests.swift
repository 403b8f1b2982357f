import NIOCore
import NIOPosix
import Testing

@testable import bennu_collector

@Suite("Connections that are read in larger pieces")
struct LargeReadsTests {
    /// Runs `body` with connections that are prepared.
    private func withConnections(
        _ count: Int, _ places: LargeReads.Places, _ body: ([any Channel]) async throws -> Void
    ) async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let address = try #require(server.localAddress)
        var connections: [any Channel] = []
        for _ in 0..<count {
            let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).channelInitializer {
                channel in
                channel.eventLoop.makeCompletedFuture { try LargeReads.prepare(channel, places) }
            }
            connections.append(try await bootstrap.connect(to: address).get())
        }
        try await body(connections)
        for connection in connections where connection.isActive { try await connection.close() }
        try await server.close()
    }

    private func begin(_ length: Int, on connection: any Channel) async throws {
        try await connection.eventLoop.submit { LargeReads.messageBegins(ofLength: length, on: connection) }.get()
    }

    /// How much is read at once next.
    private func readSize(of connection: any Channel) async throws -> Int {
        try await connection.getOption(.recvAllocator).get().buffer(allocator: ByteBufferAllocator()).capacity
    }

    @Test("a large message makes reads large, once, and a small one does not")
    func largeMessage() async throws {
        let places = LargeReads.Places(5)
        try await withConnections(1, places) { connections in
            try await begin(131_071, on: connections[0])
            #expect(try await readSize(of: connections[0]) <= 16_384)
            #expect(places.count == 5)
            for _ in 0..<3 { try await begin(131_072, on: connections[0]) }
            #expect(try await readSize(of: connections[0]) == 65_536)
            #expect(places.count == 4)
        }
    }

    @Test("only so many connections have it at a time, and who goes makes place for another")
    func places() async throws {
        let places = LargeReads.Places(2)
        try await withConnections(3, places) { connections in
            for connection in connections { try await begin(1 << 20, on: connection) }
            #expect(try await readSize(of: connections[1]) == 65_536)
            #expect(try await readSize(of: connections[2]) <= 16_384)
            #expect(places.count == 0)
            try await connections[0].close()
            // The pipeline goes a moment after its channel is closed.
            for _ in 0..<2000 where places.count == 0 { try await Task.sleep(for: .milliseconds(5)) }
            try await begin(1 << 20, on: connections[2])
            #expect(try await readSize(of: connections[2]) == 65_536)
            #expect(places.count == 0)
        }
    }
}
