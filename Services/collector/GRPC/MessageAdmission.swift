import GRPCCore
import HTTP
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands before gRPC on each stream of HTTP/2 and lets in messages that there is room for. gRPC would hold whatever comes
/// until a message is whole; what is refused here is counted and thrown away as it comes, and answered at its end.
///
/// Lives on its stream's event loop.
final class MessageAdmission: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private static let clockInterval: TimeAmount = .seconds(10)
    /// Whether it is compressed, and its length (gRPC over HTTP/2, "Length-Prefixed-Message").
    private static let prefixSize = 5

    private enum State {
        case receiving
        /// gRPC has the whole message, or has answered without.
        case passedOn
        /// The message was refused here; nothing more of the stream is of interest.
        case refused
    }

    private var state = State.receiving
    private var prefix: [UInt8] = []
    private var intake: RequestIntake
    private let metrics: CollectorMetrics
    private var clock: Scheduled<Void>?

    init(_ intake: RequestIntake, metrics: CollectorMetrics) {
        self.intake = intake
        self.metrics = metrics
    }

    /// Until it is known who sends, a message counts for the address that it comes from.
    convenience init(ingest: SpanIngest, address: SenderAddress, bytesMax: Int) {
        let intake = RequestIntake(from: Sender(.anyone, address: address), ingest: ingest, bytesMax: bytesMax)
        self.init(intake, metrics: ingest.metrics)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .refused else { return }
        guard state == .receiving, case .data(let frame) = unwrapInboundIn(data),
            case .byteBuffer(let bytes) = frame.data
        else { return context.fireChannelRead(data) }
        take(bytes)
        if intake.refusal == nil {
            if frame.endStream { pass() }
            context.fireChannelRead(data)
        } else if frame.endStream || intake.isHopeless {
            refuse(context, isUnread: !frame.endStream)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if state == .receiving, clock == nil { scheduleClock(context) }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .headers(let headers) = unwrapOutboundIn(data), headers.endStream, state == .receiving {
            // gRPC has answered without the message, and drops what it has of it: a sender that does not end its stream
            // would hold the room for as long as it likes.
            pass()
            intake.release()
        }
        context.write(data, promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        clock?.cancel()
        intake.release()
    }

    private func take(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { bytes in
            let missing = min(Self.prefixSize - prefix.count, bytes.count)
            if missing > 0 {
                prefix += bytes.prefix(missing)
                guard prefix.count == Self.prefixSize else { return }
                let length = prefix.dropFirst().reduce(0) { $0 << 8 | Int($1) }
                intake.expect(length, isProtobuf: prefix[0] == 0)
            }
            _ = intake.take(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(missing)))
        }
    }

    private func pass() {
        state = .passedOn
        clock?.cancel()
    }

    private func refuse(_ context: ChannelHandlerContext, isUnread: Bool) {
        guard let refusal = intake.refusal else { return }
        state = .refused
        clock?.cancel()
        metrics.refused(refusal, spans: intake.spanCount, through: .grpc)
        let trailers = HPACKHeaders(trailersOnly: RPCError(refusal))
        context.write(wrapOutboundOut(.headers(.init(headers: trailers, endStream: true))), promise: nil)
        // The answer is whole, and the rest of the request is not wanted (RFC 9113, section 8.1).
        if isUnread { context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil) }
        context.flush()
    }

    private func scheduleClock(_ context: ChannelHandlerContext) {
        clock = context.eventLoop.assumeIsolated().scheduleTask(in: Self.clockInterval) {
            guard self.state == .receiving else { return }
            self.intake.lookAtClock()
            if self.intake.isHopeless { self.refuse(context, isUnread: true) } else { self.scheduleClock(context) }
        }
    }
}
