/// The answer of OTLP's trace service, `ExportTraceServiceResponse`.
public struct ExportTraceResponse: Sendable, Equatable {
    /// Spans that were not kept and will not be if they are sent again.
    public var rejectedSpans: Int64
    /// Why, for the developer on the other side; empty where nothing was rejected.
    public var errorMessage: String

    /// The answer to a request whose spans were all kept, or all but some.
    public init(rejectedSpans: Int64 = 0, errorMessage: String = "") {
        self.rejectedSpans = rejectedSpans
        self.errorMessage = errorMessage
    }

    /// The protocol wants `partial_success` unset where all is well.
    private var isPartial: Bool { rejectedSpans > 0 || !errorMessage.isEmpty }

    public var protobuf: [UInt8] {
        guard isPartial else { return [] }
        var success = ByteWriter(capacity: 64)
        if rejectedSpans > 0 { success.putField(1, varint: UInt64(rejectedSpans)) }
        if !errorMessage.isEmpty { success.putField(2, text: errorMessage) }
        var response = ByteWriter(capacity: 64)
        response.putField(1, bytes: success.written())
        return Array(response.written())
    }

    /// As OTLP/JSON writes it, with 64-bit numbers as text.
    public var json: [UInt8] {
        guard isPartial else { return Array("{}".utf8) }
        var response = ByteWriter(capacity: 64)
        response.put("{\"partialSuccess\":{")
        if rejectedSpans > 0 {
            response.put("\"rejectedSpans\":\"")
            response.put(rejectedSpans)
            response.put("\"")
        }
        if !errorMessage.isEmpty {
            response.putSeparator()
            response.put("\"errorMessage\":")
            response.putJSON(text: errorMessage)
        }
        response.put("}}")
        return Array(response.written())
    }
}
