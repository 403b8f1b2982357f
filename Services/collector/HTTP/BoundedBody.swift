import HTTPTypes
import Hummingbird
import NIOCore

/// A request's body, read as far as limits allow. Whoever has it owes the budget `bytesReserved`.
struct BoundedBody {
    private(set) var bytes: [UInt8] = []
    private(set) var bytesReserved = 0
    // Who announces much and sends little must not hold more than a little.
    private static let announcedBytesMax = 256 << 10
    private let sender: Sender

    private init(sender: Sender) {
        self.sender = sender
    }

    /// Throws without owing anything.
    static func read(
        _ request: Request, from sender: Sender, bytesMax: Int, budget: ByteBudget
    ) async throws(TracesRefusal) -> BoundedBody {
        var body = BoundedBody(sender: sender)
        do throws(TracesRefusal) {
            try await body.fill(from: request, bytesMax: bytesMax, budget: budget)
            return body
        } catch {
            budget.release(body.bytesReserved, of: sender)
            throw error
        }
    }

    private mutating func fill(from request: Request, bytesMax: Int, budget: ByteBudget) async throws(TracesRefusal) {
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        // Of a body that is too large as much again is read and thrown away: a sender that still sends would otherwise see
        // its connection break before it sees the answer.
        var isTooLarge = announced > bytesMax
        var discarded = 0
        if !isTooLarge { try reserve(min(announced, Self.announcedBytesMax), of: budget) }
        bytes.reserveCapacity(isTooLarge ? 0 : min(announced, Self.announcedBytesMax))
        do {
            for try await piece in request.body {
                let count = bytes.count + piece.readableBytes
                isTooLarge = isTooLarge || count > bytesMax
                guard isTooLarge else {
                    if count > bytesReserved { try reserve(count - bytesReserved, of: budget) }
                    bytes.append(contentsOf: piece.readableBytesView)
                    continue
                }
                discarded += piece.readableBytes
                if discarded > bytesMax { break }
            }
        } catch let refusal as TracesRefusal {
            throw refusal
        } catch {
            throw .interrupted
        }
        if isTooLarge { throw .tooLarge(bytesMax: bytesMax) }
    }

    private mutating func reserve(_ count: Int, of budget: ByteBudget) throws(TracesRefusal) {
        do throws(IngestRefusal) {
            try budget.reserve(count, for: sender)
        } catch {
            throw .refused(error)
        }
        bytesReserved += count
    }
}
