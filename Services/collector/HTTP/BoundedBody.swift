import HTTP
import HTTPTypes
import Hummingbird
import NIOCore

/// A request's body, read as far as limits allow.
struct BoundedBody {
    /// Empty where the intake says that the request is refused.
    private(set) var bytes: [UInt8] = []
    /// Holds room for the bytes; to be released.
    var intake: RequestIntake

    /// Returns once the body has been read to its end, kept or thrown away, or is hopeless.
    static func read(_ request: Request, into intake: RequestIntake, isProtobuf: Bool) async -> BoundedBody {
        var body = BoundedBody(intake: intake)
        await body.fill(from: request, isProtobuf: isProtobuf)
        return body
    }

    /// Throws a refused request's body away as it comes; says whether it was read to its end.
    static func discard(_ request: Request, _ intake: RequestIntake) async -> Bool {
        var intake = intake
        do {
            for try await piece in request.body {
                _ = piece.withUnsafeReadableBytes { intake.take($0) }
                if intake.isHopeless { return false }
            }
            return true
        } catch {
            return false
        }
    }

    private mutating func fill(from request: Request, isProtobuf: Bool) async {
        intake.expect(request.headers[.contentLength].flatMap { Int($0) } ?? 0, isProtobuf: isProtobuf)
        // Its sender waits to hear whether to send it.
        if intake.refusal != nil, request.expectsContinue { return }
        bytes.reserveCapacity(intake.bytesExpected)
        do {
            for try await piece in request.body {
                if piece.withUnsafeReadableBytes({ intake.take($0) }) {
                    bytes.append(contentsOf: piece.readableBytesView)
                } else {
                    bytes = []
                    if intake.isHopeless { return }
                }
            }
        } catch {
            intake.interrupt()
            bytes = []
        }
    }
}
