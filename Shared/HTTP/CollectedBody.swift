import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The whole body; nil where it is larger than `bytesMax`. Of one that is too large as much again is read and thrown
    /// away: a sender that still sends would otherwise see its connection break before it sees the answer. One that waits
    /// to be told to send is not.
    public func collectedBody(upTo bytesMax: Int) async throws -> ByteBuffer? {
        let announced = headers[.contentLength].flatMap { Int($0) } ?? 0
        var isTooLarge = announced > bytesMax
        if isTooLarge, expectsContinue { return nil }
        var collected = ByteBuffer()
        var discarded = 0
        if !isTooLarge { collected.reserveCapacity(announced) }
        for try await var piece in body {
            isTooLarge = isTooLarge || collected.readableBytes + piece.readableBytes > bytesMax
            guard isTooLarge else {
                collected.writeBuffer(&piece)
                continue
            }
            collected = ByteBuffer()
            discarded += piece.readableBytes
            if discarded > bytesMax { break }
        }
        return isTooLarge ? nil : collected
    }
}
