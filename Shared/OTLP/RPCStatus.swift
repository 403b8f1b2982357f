/// `google.rpc.Status`: the body of an OTLP/HTTP error, and of gRPC's `grpc-status-details-bin` trailer
/// (https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto).
public struct RPCStatus: Sendable, Equatable {
    /// A code of gRPC, as 8 for RESOURCE_EXHAUSTED.
    public var code: Int32
    public var message: String
    /// Sent as `google.rpc.RetryInfo`: OTLP clients try again after it; without it they drop what was refused with
    /// RESOURCE_EXHAUSTED.
    public var retryDelay: Duration?

    public init(code: Int32, message: String, retryDelay: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryDelay = retryDelay
    }

    private static let retryInfoType = "type.googleapis.com/google.rpc.RetryInfo"

    public var protobuf: [UInt8] {
        var status = ByteWriter(capacity: 128)
        if code != 0 { status.putField(1, varint: UInt64(bitPattern: Int64(code))) }
        if !message.isEmpty { status.putField(2, text: message) }
        if let retryDelay {
            var retryInfo = ByteWriter(capacity: 32)
            let delay = Self.duration(retryDelay)
            retryInfo.putField(1, bytes: delay.written())
            var detail = ByteWriter(capacity: 64)
            detail.putField(1, text: Self.retryInfoType)
            detail.putField(2, bytes: retryInfo.written())
            status.putField(3, bytes: detail.written())
        }
        return Array(status.written())
    }

    public var json: [UInt8] {
        var status = ByteWriter(capacity: 128)
        status.put("{\"code\":")
        status.put(Int64(code))
        status.put(",\"message\":")
        status.putJSON(text: message)
        if let retryDelay {
            status.put(",\"details\":[{\"@type\":")
            status.putJSON(text: Self.retryInfoType)
            status.put(",\"retryDelay\":")
            status.putJSON(text: Self.text(of: retryDelay))
            status.put("}]")
        }
        status.put("}")
        return Array(status.written())
    }

    /// A `google.protobuf.Duration`.
    private static func duration(_ delay: Duration) -> ByteWriter {
        let (seconds, nanoseconds) = parts(of: delay)
        var message = ByteWriter(capacity: 16)
        if seconds != 0 { message.putField(1, varint: UInt64(seconds)) }
        if nanoseconds != 0 { message.putField(2, varint: UInt64(nanoseconds)) }
        return message
    }

    private static func parts(of delay: Duration) -> (seconds: Int64, nanoseconds: Int64) {
        let delay = max(delay, .zero)
        return (delay.components.seconds, delay.components.attoseconds / 1_000_000_000)
    }

    /// Seconds with up to nine decimals and an `s`, as protobuf's JSON writes a duration.
    private static func text(of delay: Duration) -> String {
        let (seconds, nanoseconds) = parts(of: delay)
        guard nanoseconds != 0 else { return "\(seconds)s" }
        var decimals = String(String(nanoseconds + 1_000_000_000).dropFirst())
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(seconds).\(decimals)s"
    }
}
