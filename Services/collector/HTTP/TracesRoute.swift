import Compression
import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import OTLP

/// `POST /v1/traces` (OTLP 1.x, section "OTLP/HTTP").
struct TracesRoute: Sendable {
    let ingest: SpanIngest
    /// The largest body, before and after inflating.
    let bodyBytesMax: Int
    /// What bodies that are being read may hold together.
    let budget: ByteBudget

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.post("/v1/traces") { request, _ in
            await self.answer(request)
        }
    }

    func answer(_ request: Request) async -> Response {
        guard let encoding = TracesEncoding(contentType: request.headers[.contentType]) else {
            let type = request.headers[.contentType] ?? "none"
            return text(.unsupportedMediaType, "Unsupported content type: \(type)")
        }
        guard let coding = contentCoding(request) else {
            let name = request.headers[.contentEncoding] ?? ""
            return text(.unsupportedMediaType, "Unsupported content encoding: \(name)")
        }
        do throws(TracesRefusal) {
            let body = try await BoundedBody.read(request, bytesMax: bodyBytesMax, budget: budget)
            defer { budget.release(body.bytesReserved) }
            let batch = try await store(body, coding, encoding, project: request.headers[.projectName])
            return encoding.response(.ok, body: encoding.success(batch))
        } catch {
            ingest.metrics.answered(error)
            return encoding.response(error)
        }
    }

    private func store(
        _ body: BoundedBody, _ coding: ContentCoding, _ encoding: TracesEncoding, project: String?
    ) async throws(TracesRefusal) -> SpanBatch {
        let bytes: [UInt8]
        do {
            bytes = try body.bytes.withUnsafeBytes { try decompress($0, coding, limit: bodyBytesMax) }
        } catch DecompressionError.tooLarge {
            throw .tooLarge(bytesMax: bodyBytesMax)
        } catch {
            throw .refused(.malformed("the body is not \(coding.rawValue)"))
        }
        do throws(IngestRefusal) {
            let request = DecodedRequest(bytes, encoding: encoding == .json ? .json : .protobuf)
            return try await ingest.store(request, project: project, through: .http)
        } catch {
            throw .refused(error)
        }
    }

    /// No header means identity.
    private func contentCoding(_ request: Request) -> ContentCoding? {
        guard let header = request.headers[.contentEncoding], !header.trimmingWhitespace().isEmpty else {
            return .identity
        }
        return ContentCoding(header: header.trimmingWhitespace())
    }

    private func text(_ status: HTTPResponse.Status, _ message: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: message)))
    }
}

extension HTTPField.Name {
    fileprivate static let projectName = HTTPField.Name(parsed: SpanIngest.projectHeader)
}

extension HTTPFields {
    fileprivate subscript(name: HTTPField.Name?) -> String? {
        name.flatMap { self[$0] }
    }
}
