import HTTPTypes
import Hummingbird
import NIOCore

/// A request's body, read as far as limits allow. Whoever has it owes the budget `bytesReserved`.
struct BoundedBody {
    private(set) var bytes: [UInt8] = []
    private(set) var bytesReserved = 0

    /// Throws without owing anything.
    static func read(_ request: Request, bytesMax: Int, budget: ByteBudget) async throws(TracesRefusal) -> BoundedBody {
        var body = BoundedBody()
        do throws(TracesRefusal) {
            try await body.fill(from: request, bytesMax: bytesMax, budget: budget)
            return body
        } catch {
            budget.release(body.bytesReserved)
            throw error
        }
    }

    private mutating func fill(from request: Request, bytesMax: Int, budget: ByteBudget) async throws(TracesRefusal) {
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        // Of a body that is too large as much again is read and thrown away: a sender that still sends would otherwise see
        // its connection break before it sees the answer.
        var isTooLarge = announced > bytesMax
        var discarded = 0
        if !isTooLarge { try reserve(announced, of: budget) }
        bytes.reserveCapacity(isTooLarge ? 0 : announced)
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
        guard budget.reserve(count) else { throw .refused(.overloaded) }
        bytesReserved += count
    }
}
