import Compression
import OTLP

/// A request's bytes as they were before they were compressed, and the room that is held for them.
struct InflatedBody: Sendable {
    let bytes: [UInt8]
    fileprivate let bytesHeld: Int

    func spanCountOfProtobuf() -> Int {
        bytes.withUnsafeBytes { ExportTraceRequest.spanCount(protobuf: $0) }
    }
}

extension SpanIngest {
    /// Undoes a request's compression. A small body can be blown up a thousand times, so room is taken while it grows;
    /// it must be given back by `release`.
    func inflate(
        _ body: UnsafeRawBufferPointer, _ coding: ContentCoding, bytesMax: Int, for sender: Sender,
        through transport: Transport
    ) -> Result<InflatedBody, IngestRefusal> {
        var bytesHeld = 0
        do {
            let bytes = try decompress(body, coding, limit: bytesMax) { count in
                try budget.reserve(count, for: sender)
                bytesHeld += count
            }
            return .success(InflatedBody(bytes: bytes, bytesHeld: bytesHeld))
        } catch {
            budget.release(bytesHeld, of: sender)
            let refusal = inflationRefusal(error, coding, bytesMax: bytesMax)
            metrics.refused(refusal, spans: 0, through: transport)
            return .failure(refusal)
        }
    }

    func release(_ body: InflatedBody, of sender: Sender) {
        budget.release(body.bytesHeld, of: sender)
    }

    private func inflationRefusal(_ error: any Error, _ coding: ContentCoding, bytesMax: Int) -> IngestRefusal {
        switch error {
        case let refusal as IngestRefusal: refusal
        case DecompressionError.tooLarge: .tooLarge(bytesMax: bytesMax)
        default: .malformed("the body is not \(coding.rawValue)")
        }
    }
}
