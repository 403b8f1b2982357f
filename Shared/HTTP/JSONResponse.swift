import HTTPTypes
import Hummingbird

extension Response {
    /// An answer whose body `write` writes as JSON.
    public static func json(
        status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        var json = JSONWriter()
        try write(&json)
        return Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}
