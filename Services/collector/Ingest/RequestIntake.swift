import NIOCore
import OTLP

/// The bytes of one request on their way in, of either protocol: takes room for them as they come, and knows from when on
/// they are not worth keeping. What is refused is still read to its end, unless it is too slow: its spans are counted,
/// and a sender that is still sending would see its connection break before it saw the answer.
///
/// Whoever has it must `release` it once.
struct RequestIntake {
    private static let patience: TimeAmount = .seconds(30)
    private static let bytesPerSecondMin: Int64 = 8 << 10

    let sender: Sender
    /// Why the request will not be taken; what has come of it need not be kept.
    private(set) var refusal: IngestRefusal?
    private(set) var bytesReceived = 0
    /// As many as there is room for at once, of those that were announced.
    private(set) var bytesExpected = 0
    /// What the budget is owed.
    private var bytesHeld = 0
    private var claim: ByteBudget.Claim?
    private let ingest: SpanIngest
    private let bytesMax: Int
    private let began: NIODeadline
    private var counter = SpanCounter()
    private var isCounted = false

    init(from sender: Sender, ingest: SpanIngest, bytesMax: Int, began: NIODeadline = .now()) {
        self.sender = sender
        self.ingest = ingest
        self.bytesMax = bytesMax
        self.began = began
    }

    /// As far as they could be counted in what has come.
    var spanCount: Int { isCounted ? counter.count : 0 }

    /// Is called first, with what the request says of itself: its size (0 if it does not say), and whether its bytes are
    /// spans in protobuf, rather than compressed or JSON. Room is asked for before anything is read only if they are: of
    /// others nobody could tell how many spans were refused.
    mutating func expect(_ bytes: Int, isProtobuf: Bool) {
        isCounted = isProtobuf
        guard bytes <= bytesMax else { return refuse(.tooLarge(bytesMax: bytesMax)) }
        if isProtobuf, let refusal = ingest.lackOfRoom(for: bytes, of: sender) { return refuse(refusal) }
        do throws(IngestRefusal) {
            claim = try ingest.budget.claim(bytes, for: sender, below: ingest.bytesWanted)
            bytesExpected = min(bytes, ByteBudget.claimBytesMax)
        } catch {
            refuse(error)
        }
    }

    /// Says whether to keep a piece.
    mutating func take(_ piece: UnsafeRawBufferPointer) -> Bool {
        bytesReceived += piece.count
        if isCounted { counter.read(piece) }
        lookAtClock()
        guard refusal == nil else { return false }
        if bytesReceived > bytesMax {
            refuse(.tooLarge(bytesMax: bytesMax))
        } else {
            hold(piece.count)
        }
        return refusal == nil
    }

    private mutating func hold(_ count: Int) {
        guard let claim else { return }
        do throws(IngestRefusal) {
            try ingest.budget.cover(count, by: claim, for: sender)
            bytesHeld += count
        } catch {
            refuse(error)
        }
    }

    /// Nobody may take a day over a request. A refused one that is slow besides is refused for being slow.
    mutating func lookAtClock(now: NIODeadline = .now()) {
        let allowed = Self.patience + .nanoseconds(Int64(bytesReceived) * 1_000_000_000 / Self.bytesPerSecondMin)
        if now - began > allowed { refuse(.tooSlow) }
    }

    /// No more of it will come.
    mutating func interrupt() { refuse(.interrupted) }

    /// No more of it is to be read: it is slow, or so much too large that reading on would not be worth the answer.
    var isHopeless: Bool { refusal == .tooSlow || bytesReceived > 2 * bytesMax }

    mutating func release() {
        if let claim { ingest.budget.drop(claim) }
        ingest.budget.release(bytesHeld, of: sender)
        (claim, bytesHeld) = (nil, 0)
    }

    /// The request is not taken; what still comes of it is thrown away.
    mutating func refuse(_ refusal: IngestRefusal) {
        self.refusal = refusal
        release()
    }
}
