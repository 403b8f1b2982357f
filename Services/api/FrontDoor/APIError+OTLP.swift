import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
import OTLP

extension APIError {
    /// The error as OTLP's senders are told it: a `google.rpc.Status` in the request's own encoding (OTLP 1.x, "OTLP/HTTP
    /// Response"); protobuf's where that is not known.
    func answer(toOTLP request: Request) -> Response {
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.trimmingWhitespace().lowercased()
        let isJSON = type == "application/json"
        let status = RPCStatus(code: rpcCode, message: message, retryDelay: retryAfter)
        var headers: HTTPFields = [.contentType: isJSON ? type : "application/x-protobuf"]
        if let retryAfter { headers[.retryAfter] = String(max(1, retryAfter.components.seconds)) }
        let body = isJSON ? status.json : status.protobuf
        return Response(status: self.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// The code of gRPC that says the same.
    private var rpcCode: Int32 {
        switch status {
        case .contentTooLarge, .requestHeaderFieldsTooLarge: 8
        case .serviceUnavailable: 14
        default: 3
        }
    }
}
