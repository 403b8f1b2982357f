import GRPCCore
import HTTP
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands before gRPC on each stream of HTTP/2 and lets in messages that there is room for. gRPC would hold whatever comes
/// until a message is whole; what is refused here is counted and thrown away as it comes, and answered at its end.
///
/// Compressed messages go on as they are, and as if they were not compressed: gRPC would inflate them without asking
/// anybody for room, and reset the streams of those that become too large. `codingHeader` says how to inflate them.
///
/// Lives on its stream's event loop.
final class MessageAdmission: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    /// Names the `ContentCoding` of a message that is still compressed. Senders cannot set it.
    static let codingHeader = "bennu-message-coding"
    private static let clockInterval: TimeAmount = .seconds(10)

    private enum State {
        case receiving
        /// gRPC has the whole message, or has answered without.
        case passedOn
        /// The message was refused here; nothing more of the stream is of interest.
        case refused
    }

    private var state = State.receiving
    private var call = CallFraming()
    /// Until the message's first byte tells whether it is compressed.
    private var waitingHeaders: HTTP2Frame.FramePayload.Headers?
    private var intake: RequestIntake
    private let ingest: SpanIngest
    private let known: KnownSenders
    private let bytesMax: Int
    private var clock: Scheduled<Void>?

    init(_ intake: RequestIntake, ingest: SpanIngest, known: KnownSenders, bytesMax: Int) {
        self.intake = intake
        self.ingest = ingest
        self.known = known
        self.bytesMax = bytesMax
    }

    /// A message counts for whom its credential is known to stand for, and else for the address that it comes from.
    convenience init(ingest: SpanIngest, known: KnownSenders, address: SenderAddress, bytesMax: Int) {
        let intake = RequestIntake(from: Sender(.anyone, address: address), ingest: ingest, bytesMax: bytesMax)
        self.init(intake, ingest: ingest, known: known, bytesMax: bytesMax)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .refused else { return }
        guard state == .receiving else { return context.fireChannelRead(data) }
        switch unwrapInboundIn(data) {
        case .headers(let headers): receive(headers, context)
        case .data(let frame): receive(frame, context)
        default: context.fireChannelRead(data)
        }
    }

    private func receive(_ headers: HTTP2Frame.FramePayload.Headers, _ context: ChannelHandlerContext) {
        var headers = headers
        chargeSender(of: headers.headers)
        call.begin(&headers.headers)
        if headers.endStream || waitingHeaders != nil {
            intake.refuse(.malformed(CallFraming.Fault.incomplete.description))
            refuse(context, isUnread: !headers.endStream)
        } else if call.coding != nil {
            waitingHeaders = headers
        } else {
            context.fireChannelRead(wrapInboundOut(.headers(headers)))
        }
    }

    /// Has the message count for who sends it, if that is known, and if nothing is held for the address yet.
    private func chargeSender(of headers: HPACKHeaders) {
        guard call.messageLength == nil, intake.refusal == nil,
            let authorization = headers.first(name: "authorization"),
            let sender = known.sender(authorization: authorization)
        else { return }
        intake = RequestIntake(from: sender, ingest: ingest, bytesMax: bytesMax)
    }

    private func receive(_ frame: HTTP2Frame.FramePayload.Data, _ context: ChannelHandlerContext) {
        guard case .byteBuffer(var bytes) = frame.data else {
            return context.fireChannelRead(wrapInboundOut(.data(frame)))
        }
        guard bytes.readableBytes > 0 || frame.endStream else { return }
        take(&bytes, context)
        if frame.endStream, !call.isComplete, intake.refusal == nil {
            intake.refuse(.malformed(CallFraming.Fault.incomplete.description))
        }
        passHeaders(context)
        if intake.refusal == nil {
            if frame.endStream { pass() }
            var frame = frame
            frame.data = .byteBuffer(bytes)
            context.fireChannelRead(wrapInboundOut(.data(frame)))
        } else if frame.endStream || intake.isHopeless {
            refuse(context, isUnread: !frame.endStream)
        }
    }

    private func take(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) {
        guard intake.refusal == nil else { return bytes.withUnsafeReadableBytes { _ = intake.take($0) } }
        let hadLength = call.messageLength != nil
        do throws(CallFraming.Fault) {
            let count = try call.take(&bytes)
            if !hadLength, let length = call.messageLength {
                intake.expect(length, isProtobuf: !call.isCompressed)
                if intake.refusal == nil { LargeReads.messageBegins(ofLength: length, on: context.channel.parent) }
            }
            bytes.withUnsafeReadableBytes { bytes in
                _ = intake.take(UnsafeRawBufferPointer(rebasing: bytes.suffix(count)))
            }
        } catch {
            intake.refuse(.malformed(error.description))
        }
    }

    /// Hands on the headers that have waited, with how the message is compressed if it is.
    private func passHeaders(_ context: ChannelHandlerContext) {
        guard var headers = waitingHeaders else { return }
        waitingHeaders = nil
        if call.isCompressed, let coding = call.coding {
            headers.headers.add(name: Self.codingHeader, value: coding.rawValue)
        }
        context.fireChannelRead(wrapInboundOut(.headers(headers)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if state == .receiving, clock == nil { scheduleClock(context) }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .headers(var headers) = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        if headers.endStream, state == .receiving {
            // gRPC has answered without the message, and drops what it has of it: a sender that does not end its stream
            // would hold the room for as long as it likes.
            pass()
            intake.release()
        }
        CallFraming.nameCodings(in: &headers.headers)
        context.write(wrapOutboundOut(.headers(headers)), promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        clock?.cancel()
        intake.release()
    }

    private func pass() {
        state = .passedOn
        clock?.cancel()
    }

    private func refuse(_ context: ChannelHandlerContext, isUnread: Bool) {
        guard let refusal = intake.refusal else { return }
        state = .refused
        clock?.cancel()
        ingest.metrics.refused(refusal, spans: intake.spanCount, through: .grpc)
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
