import NIOCore
import NIOEmbedded
import NIOHTTP2
import Testing

@testable import bennu_collector

@Suite("Streams that are reset as soon as they are opened")
struct RapidResetsTests {
    private static let preface = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private func frame(_ type: UInt8, stream: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
        let length = UInt32(payload.count)
        return [16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + [type, 0]
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: stream >> $0) } + payload
    }

    private func opened(_ stream: UInt32) -> [UInt8] { frame(1, stream: stream, [1, 2, 3]) }
    private func reset(_ stream: UInt32) -> [UInt8] { frame(3, stream: stream, [0, 0, 0, 8]) }

    /// Streams that are opened and reset, one after another.
    private func resets(_ count: Int, from first: UInt32 = 1) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in 0..<count {
            let stream = first + 2 * UInt32(number)
            bytes += opened(stream) + reset(stream)
        }
        return bytes
    }

    private func at(_ milliseconds: UInt64) -> NIODeadline {
        .uptimeNanoseconds(1_000_000_000 + milliseconds * 1_000_000)
    }

    private func isTooMuch(_ bytes: [UInt8], _ frames: inout StreamFrames, at time: NIODeadline) -> Bool {
        bytes.withUnsafeBytes { frames.read($0, at: time) }
    }

    @Test("sixteen at once are borne, and one more is too much, however the bytes are cut", arguments: [1, 7, 1000])
    func rapid(pieceSize: Int) {
        var frames = StreamFrames()
        var bytes = Self.preface + frame(4, stream: 0) + resets(16)
        while !bytes.isEmpty {
            #expect(!isTooMuch(Array(bytes.prefix(pieceSize)), &frames, at: at(0)))
            bytes.removeFirst(min(pieceSize, bytes.count))
        }
        #expect(isTooMuch(resets(1, from: 33), &frames, at: at(99)))
        #expect(frames.lastStream == 33)
    }

    @Test("calls that are given up after a while, all at once, are borne")
    func slow() {
        var frames = StreamFrames()
        let streams = (0..<100).map { UInt32(2 * $0 + 1) }
        #expect(!isTooMuch(Self.preface + streams.flatMap(opened), &frames, at: at(0)))
        #expect(!isTooMuch(opened(301), &frames, at: at(150)))
        #expect(!isTooMuch(streams.flatMap(reset), &frames, at: at(300)))
    }

    @Test("a few now and then are borne for as long as they come")
    func seldom() {
        var frames = StreamFrames()
        #expect(!isTooMuch(Self.preface, &frames, at: at(0)))
        for second in 0..<100 as Range<UInt32> {
            #expect(!isTooMuch(resets(10, from: 20 * second + 1), &frames, at: at(UInt64(second) * 1000)))
        }
    }

    @Test("bytes of messages are not taken for frames")
    func messages() {
        var frames = StreamFrames()
        #expect(!isTooMuch(Self.preface + opened(1) + frame(0, stream: 1, resets(100)), &frames, at: at(0)))
    }

    @Test("the connection ends with a word why, and nothing of it reaches HTTP/2 any more")
    func ends() throws {
        var ended = 0
        let channel = EmbeddedChannel(handler: RapidResets(now: { at(0) }, onEnd: { ended += 1 }))
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        try channel.writeInbound(ByteBuffer(bytes: Self.preface + opened(1)))
        #expect(try channel.readInbound(as: ByteBuffer.self) != nil)
        try channel.writeInbound(ByteBuffer(bytes: resets(19, from: 3)))
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
        let goodbye = try channel.readOutbound(as: ByteBuffer.self).map { Array($0.readableBytesView) }
        #expect(goodbye == frame(7, stream: 0, [0, 0, 0, 39, 0, 0, 0, 11]))
        #expect(!channel.isActive)
        #expect(ended == 1)
    }

    @Test("it stands before HTTP/2 on a connection")
    func place() throws {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(
            NIOHTTP2Handler(
                mode: .server, eventLoop: channel.eventLoop,
                inboundStreamInitializer: { $0.eventLoop.makeSucceededVoidFuture() }))
        var ended = 0
        try RapidResets.add(to: channel, onEnd: { ended += 1 })
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        try channel.writeInbound(ByteBuffer(bytes: Self.preface + resets(17)))
        #expect(ended == 1)
    }
}
