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
        guard coding != .identity else {
            return try await store(body.bytes, encoding, project: project, from: body.intake.sender)
        }
        let sender = body.intake.sender
        let inflated = try body.bytes.withUnsafeBytes {
            ingest.inflate($0, coding, bytesMax: bodyBytesMax, for: sender, through: .http)
        }.get()
        defer { ingest.release(inflated, of: sender) }
        return try await store(inflated.bytes, encoding, project: project, from: sender)
    }

    private func store(
        _ bytes: [UInt8], _ encoding: TracesEncoding, project: String?, from sender: Sender
    ) async throws(IngestRefusal) -> SpanBatch {
        let isJSON = encoding == .json
        try ingest.checkRoom(
            for: bytes.count, of: sender, through: .http,
            spanCount: { isJSON ? 0 : bytes.withUnsafeBytes { ExportTraceRequest.spanCount(protobuf: $0) } })
        let request = DecodedRequest(bytes, encoding: isJSON ? .json : .protobuf)
        return try await ingest.store(request, project: project, from: sender, through: .http)
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
