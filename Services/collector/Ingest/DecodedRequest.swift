import Domain
import OTLP
import Spool

/// A request after decoding, with its own bytes kept for the spool.
struct DecodedRequest: Sendable {
    let result: Result<SpanBatch, any Error>
    let encoding: SpoolRecord.Encoding
    /// The request as it came (after any decompression). Makes no copy until it is called.
    let body: @Sendable () -> [UInt8]

    /// A request that is not even looked at.
    init(refused refusal: IngestRefusal) {
        result = .failure(refusal)
        encoding = .protobuf
        body = { [] }
    }

    init(protobuf bytes: UnsafeRawBufferPointer, body: @escaping @Sendable () -> [UInt8]) {
        encoding = .protobuf
        self.body = body
        result = Result { try ExportTraceRequest.decode(protobuf: bytes) }
    }

    init(_ bytes: [UInt8], encoding: SpoolRecord.Encoding) {
        self.encoding = encoding
        body = { bytes }
        result = Result {
            switch encoding {
            case .protobuf: try ExportTraceRequest.decode(protobuf: bytes)
            case .json: try ExportTraceRequest.decode(json: bytes)
            }
        }
    }
}
