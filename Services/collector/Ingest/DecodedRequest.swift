import Domain
import OTLP
import Spool

/// A request after decoding, with its own bytes kept for the spool.
struct DecodedRequest: Sendable {
    let result: Result<SpanBatch, OTLPDecodingError>
    let encoding: SpoolRecord.Encoding
    /// The request as it came (after any decompression). Makes no copy until it is called.
    let body: @Sendable () -> [UInt8]

    init(protobuf bytes: UnsafeRawBufferPointer, body: @escaping @Sendable () -> [UInt8]) {
        encoding = .protobuf
        self.body = body
        result = Result { () throws(OTLPDecodingError) in try ExportTraceRequest.decode(protobuf: bytes) }
    }

    init(_ bytes: [UInt8], encoding: SpoolRecord.Encoding) {
        self.encoding = encoding
        body = { bytes }
        result = Result { () throws(OTLPDecodingError) in
            switch encoding {
            case .protobuf: try ExportTraceRequest.decode(protobuf: bytes)
            case .json: try ExportTraceRequest.decode(json: bytes)
            }
        }
    }
}
