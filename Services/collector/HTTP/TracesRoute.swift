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
        do throws(IngestRefusal) {
            let sender = try await sender(of: request, at: address)
            let intake = RequestIntake(from: sender, ingest: ingest, bytesMax: bodyBytesMax)
            var body = await BoundedBody.read(
                request, into: intake, isProtobuf: encoding == .protobuf && coding == .identity)
            defer { body.intake.release() }
            if let refusal = body.intake.refusal {
                ingest.metrics.refused(refusal, spans: body.intake.spanCount, through: .http)
                return encoding.response(refusal, isUnread: body.intake.isHopeless)
            }
            let batch = try await store(body, coding, encoding, project: request.headers[.projectName])
            return encoding.response(.ok, body: encoding.success(batch))
        } catch {
            return encoding.response(error, isUnread: false)
        }
    }

    private func sender(of request: Request, at address: SenderAddress) async throws(IngestRefusal) -> Sender {
        do throws(IngestRefusal) {
            return try await access.sender(authorization: request.headers[.authorization], address: address)
        } catch {
            ingest.metrics.refused(error, spans: 0, through: .http)
            throw error
        }
    }

    private func store(
        _ body: BoundedBody, _ coding: ContentCoding, _ encoding: TracesEncoding, project: String?
    ) async throws(IngestRefusal) -> SpanBatch {
        let sender = body.intake.sender
        let bytes = try inflate(body, coding)
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
    }

    private func inflate(_ body: BoundedBody, _ coding: ContentCoding) throws(IngestRefusal) -> [UInt8] {
        let refusal: IngestRefusal
        do {
            return try body.bytes.withUnsafeBytes { try decompress($0, coding, limit: bodyBytesMax) }
        } catch DecompressionError.tooLarge {
            refusal = .tooLarge(bytesMax: bodyBytesMax)
        } catch {
            refusal = .malformed("the body is not \(coding.rawValue)")
        }
        ingest.metrics.refused(refusal, spans: 0, through: .http)
        throw refusal
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
