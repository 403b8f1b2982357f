import NIOCore
import NIOHTTP2

/// Ends connections whose streams are reset as soon as they are opened (CVE-2023-44487). Each costs its sender a few bytes
/// and the collector a call's whole apparatus; HTTP/2's own limit is 200 of them, after which the next connection follows.
///
/// Stands before HTTP/2, where a stream has cost nothing yet, on the connection's event loop.
final class RapidResets: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var frames = StreamFrames()
    private var isEnded = false
    private let now: () -> NIODeadline
    private let onEnd: () -> Void

    /// `onEnd` is told of a connection that is ended.
    init(now: @escaping () -> NIODeadline = { .now() }, onEnd: @escaping () -> Void) {
        self.now = now
        self.onEnd = onEnd
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnded else { return }
        let bytes = unwrapInboundIn(data)
        let isTooMuch = bytes.withUnsafeReadableBytes { frames.read($0, at: now()) }
        guard isTooMuch else { return context.fireChannelRead(data) }
        isEnded = true
        onEnd()
        context.writeAndFlush(wrapOutboundOut(Self.goodbye(after: frames.lastStream)), promise: nil)
        context.close(promise: nil)
    }

    /// Adds it to a connection that speaks HTTP/2, behind any encryption.
    static func add(to connection: any Channel, onEnd: @escaping () -> Void) throws {
        let pipeline = connection.pipeline.syncOperations
        let http2 = try pipeline.handler(type: NIOHTTP2Handler.self)
        try pipeline.addHandler(RapidResets(onEnd: onEnd), position: .before(http2))
    }

    /// GOAWAY with ENHANCE_YOUR_CALM (RFC 9113, sections 6.8 and 7).
    private static func goodbye(after stream: UInt32) -> ByteBuffer {
        var frame = ByteBuffer(bytes: [0, 0, 8, 7, 0, 0, 0, 0, 0])
        frame.writeMultipleIntegers(stream, UInt32(11))
        return frame
    }
}

/// The frames of a connection, as far as it takes to see how soon its streams are reset.
struct StreamFrames {
    /// A sender that changes its mind so often, so soon, has no use for its streams.
    private static let rapidMax = 16
    private static let rapidWithin: TimeAmount = .milliseconds(100)
    private static let prefaceSize = 24
    private static let headerSize = 9
    private static let headersType: UInt8 = 1
    private static let resetType: UInt8 = 3

    /// The last stream that was opened.
    private(set) var lastStream: UInt32 = 0
    /// Bytes until the next frame begins.
    private var skipped = prefaceSize
    private var header: [UInt8] = []
    /// Of the period. One is as long as what counts as soon, or longer where little comes.
    private var rapidCount = 0
    /// Streams from this one on were opened in this period or the one before.
    private var firstRecent: UInt32 = 0
    private var firstOfPeriod: UInt32 = 0
    private var periodBegan: NIODeadline = .uptimeNanoseconds(0)

    /// Reads the next bytes; says whether too many streams have been reset too soon.
    mutating func read(_ bytes: UnsafeRawBufferPointer, at now: NIODeadline) -> Bool {
        if now - periodBegan >= Self.rapidWithin { beginPeriod(now) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let passed = min(skipped, rest.count)
            rest = rest.dropFirst(passed)
            skipped -= passed
            let wanted = rest.prefix(Self.headerSize - header.count)
            header += wanted
            rest = rest.dropFirst(wanted.count)
            if header.count == Self.headerSize { begin() }
        }
        return rapidCount > Self.rapidMax
    }

    private mutating func beginPeriod(_ now: NIODeadline) {
        let next = lastStream + 1
        firstRecent = now - periodBegan >= Self.rapidWithin * 2 ? next : firstOfPeriod
        (firstOfPeriod, periodBegan, rapidCount) = (next, now, 0)
    }

    private mutating func begin() {
        skipped = header.prefix(3).reduce(0) { $0 << 8 | Int($1) }
        let stream = header.suffix(4).reduce(0) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        switch header[3] {
        case Self.headersType: lastStream = max(lastStream, stream)
        case Self.resetType where stream >= firstRecent: rapidCount += 1
        default: break
        }
        header.removeAll(keepingCapacity: true)
    }
}
