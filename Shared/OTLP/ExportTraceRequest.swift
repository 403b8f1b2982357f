import Domain

/// The request of OTLP's trace service, `ExportTraceServiceRequest`
/// (https://opentelemetry.io/docs/specs/otlp/).
public enum ExportTraceRequest {
    /// Reads a request in protobuf's binary form, straight into the records that will be written.
    ///
    /// Spans with ids that cannot be kept are counted in the batch's `rejectedCount`; the others go on. Of an attribute
    /// sent twice the last value stays. Throws where the bytes are no request; then nothing of it is kept.
    public static func decode(protobuf bytes: UnsafeRawBufferPointer) throws(OTLPDecodingError) -> SpanBatch {
        var decoder = SpanDecoder(
            Bytes(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count))
        return try decoder.decode()
    }

    public static func decode(protobuf bytes: [UInt8]) throws(OTLPDecodingError) -> SpanBatch {
        try bytes.withUnsafeBufferPointer { bytes throws(OTLPDecodingError) in
            try decode(protobuf: UnsafeRawBufferPointer(bytes))
        }
    }

    /// The name of a project that a request names beside its spans (the header `x-project-name`), as a resource's own is
    /// kept: trimmed, cut to 1,024 bytes; nil for an empty one.
    public static func projectName(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { ResourceWriter.projectName($0) }
    }

    /// How many spans a request in protobuf has, without looking into them; as far as it can be read.
    public static func spanCount(protobuf bytes: UnsafeRawBufferPointer) -> Int {
        var counter = SpanCounter()
        counter.read(bytes)
        return counter.count
    }

    /// The same of a request in OTLP/JSON, of which most is passed over.
    public static func spanCount(json bytes: UnsafeRawBufferPointer) -> Int {
        JSONSpanCount.count(
            in: Bytes(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count))
    }

    /// Reads a request in OTLP/JSON; all else is as for protobuf.
    public static func decode(json bytes: UnsafeRawBufferPointer) throws(OTLPDecodingError) -> SpanBatch {
        let text = Bytes(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        let protobuf = try JSONRequest.protobuf(of: text)
        return try decode(protobuf: UnsafeRawBufferPointer(protobuf.written()))
    }

    public static func decode(json bytes: [UInt8]) throws(OTLPDecodingError) -> SpanBatch {
        try bytes.withUnsafeBufferPointer { bytes throws(OTLPDecodingError) in
            try decode(json: UnsafeRawBufferPointer(bytes))
        }
    }
}
