import Domain
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
import OTLP

/// How a request is written, and so how its answer is (OTLP 1.x, "OTLP/HTTP Response").
enum TracesEncoding: Equatable {
    case protobuf
    case json

    /// Reads the media type in any case and whatever its parameters (RFC 9110, section 8.3.1); nil for others.
    init?(contentType: String?) {
        let type = (contentType ?? "").prefix { $0 != ";" }.trimmingWhitespace().lowercased()
        switch type {
        case "application/x-protobuf", "application/protobuf": self = .protobuf
        case "application/json": self = .json
        default: return nil
        }
    }

    /// For those who have sent something else.
    static let allContentTypes = "application/x-protobuf, application/json"

    var contentType: String {
        switch self {
        case .protobuf: "application/x-protobuf"
        case .json: "application/json"
        }
    }

    func success(_ batch: SpanBatch) -> [UInt8] {
        let response = ExportTraceResponse(batch)
        switch self {
        case .protobuf: return response.protobuf
        case .json: return response.json
        }
    }

    func response(_ status: HTTPResponse.Status, body: [UInt8], headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = contentType
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// A `google.rpc.Status` in the request's own encoding, with Retry-After where the sender may try again.
    ///
    /// `isUnread` says that the rest of the request is not to be read: the connection ends with the answer.
    func response(_ refusal: IngestRefusal, isUnread: Bool) -> Response {
        let status = RPCStatus(code: refusal.rpcCode, message: refusal.message, retryDelay: refusal.retryDelay)
        var headers = HTTPFields()
        if let delay = refusal.retryDelay { headers[.retryAfter] = String(delay.wholeSecondsUp) }
        if case .unauthenticated = refusal { headers[.wwwAuthenticate] = "Bearer" }
        if isUnread { headers[.connection] = "close" }
        let body = self == .json ? status.json : status.protobuf
        var answer = response(refusal.status, body: body, headers: headers)
        if isUnread { answer.body = ResponseBody(endingConnectionAfter: answer.body) }
        return answer
    }
}

extension Response {
    /// Says in plain text why a request is refused that is in no encoding known here.
    static func text(_ refusal: IngestRefusal, isUnread: Bool) -> Response {
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
        if isUnread { headers[.connection] = "close" }
        let bytes = ByteBuffer(string: refusal.message)
        return Response(
            status: refusal.status, headers: headers,
            body: isUnread ? .init(endingConnectionAfter: .init(byteBuffer: bytes)) : .init(byteBuffer: bytes))
    }
}

extension ExportTraceResponse {
    /// Says what of a stored request was rejected, if anything was.
    init(_ batch: SpanBatch) {
        self.init(rejectedSpans: Int64(batch.rejectedCount), errorMessage: batch.rejectionReason ?? "")
    }
}

extension Duration {
    /// Seconds of a Retry-After, which has no fractions; at least one.
    fileprivate var wholeSecondsUp: Int64 {
        max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0))
    }
}
