import Compression
import Domain
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
import OTLP

/// `POST /v1/traces` (OTLP 1.x, section "OTLP/HTTP").
struct TracesRoute: Sendable {
    let ingest: SpanIngest
    /// The largest body, before and after inflating.
    let bodyBytesMax: Int
    let access: SenderAccess

    func add<Context: RemoteAddressRequestContext>(to router: Router<Context>) {
        router.post("/v1/traces") { request, context in
            await self.answer(request, from: SenderAddress(request, context))
        }
    }

    func answer(_ request: Request, from address: SenderAddress) async -> Response {
        guard let encoding = TracesEncoding(contentType: request.headers[.contentType]) else {
            let type = request.headers[.contentType] ?? "none"
            return text(.unsupportedMediaType, "Unsupported content type: \(type)")
        }
        guard let coding = contentCoding(request) else {
            let name = request.headers[.contentEncoding] ?? ""
            return text(.unsupportedMediaType, "Unsupported content encoding: \(name)")
        }
        do throws(TracesRefusal) {
            let sender = try await sender(of: request, at: address)
            let body = try await read(request, from: sender)
            defer { ingest.budget.release(body.bytesReserved, of: sender) }
            let batch = try await store(body, coding, encoding, from: sender, project: request.headers[.projectName])
            return encoding.response(.ok, body: encoding.success(batch))
        } catch {
            ingest.metrics.answered(error)
            return encoding.response(error)
        }
    }

    private func sender(of request: Request, at address: SenderAddress) async throws(TracesRefusal) -> Sender {
        do throws(IngestRefusal) {
            return try await access.sender(authorization: request.headers[.authorization], address: address)
        } catch {
            ingest.metrics.refused(error, spans: 0, through: .http)
            throw .refused(error)
        }
    }

    private func read(_ request: Request, from sender: Sender) async throws(TracesRefusal) -> BoundedBody {
        do throws(TracesRefusal) {
            return try await BoundedBody.read(
                request, from: sender, bytesMax: bodyBytesMax, budget: ingest.budget)
        } catch {
            // How many spans it had is in what was not read.
            if case .refused(let refusal) = error { ingest.metrics.refused(refusal, spans: 0, through: .http) }
            throw error
        }
    }

    private func store(
        _ body: BoundedBody, _ coding: ContentCoding, _ encoding: TracesEncoding, from sender: Sender, project: String?
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
            let isJSON = encoding == .json
            let spanCount = {
                isJSON ? 0 : bytes.withUnsafeBytes { ExportTraceRequest.spanCount(protobuf: $0) }
            }
            // What a body is inflated to must not be free: small bodies can be blown up a thousand times.
            let inflated = coding == .identity ? 0 : bytes.count
            try ingest.hold(inflated, for: sender, through: .http, spanCount: spanCount)
            defer { ingest.budget.release(inflated, of: sender) }
            try ingest.checkRoom(for: bytes.count, of: sender, through: .http, spanCount: spanCount)
            let request = DecodedRequest(bytes, encoding: isJSON ? .json : .protobuf)
            return try await ingest.store(request, project: project, from: sender, through: .http)
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
