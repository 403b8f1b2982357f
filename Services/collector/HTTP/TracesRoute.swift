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
        let encoding = TracesEncoding(contentType: request.headers[.contentType])
        do throws(IngestRefusal) {
            guard let encoding else {
                throw .unsupported("Unsupported content type: \(request.headers[.contentType] ?? "none")")
            }
            guard let coding = contentCoding(request) else {
                throw .unsupported("Unsupported content encoding: \(request.headers[.contentEncoding] ?? "")")
            }
            let sender = try await access.sender(authorization: request.headers[.authorization], address: address)
            // The front door asks so on behalf of a client that waits to hear whether its body is wanted.
            if request.expectsContinue, request.isWithoutBody { return encoding.response(.ok, body: []) }
            return await answer(request, coding, encoding, from: sender)
        } catch {
            return await refuse(request, error, encoding, at: address)
        }
    }

    /// Refuses a request for its head. Its body comes all the same, unless the sender waits to be asked for it, and is read
    /// to its end or to where any other's would be.
    private func refuse(
        _ request: Request, _ refusal: IngestRefusal, _ encoding: TracesEncoding?, at address: SenderAddress
    ) async -> Response {
        ingest.metrics.refused(refusal, spans: 0, through: .http)
        var intake = RequestIntake(
            from: Sender(.anyone, address: address), ingest: ingest, bytesMax: bodyBytesMax)
        intake.refuse(refusal)
        let isHeldBack = request.expectsContinue && !request.isWithoutBody
        let isUnread = isHeldBack ? false : await !BoundedBody.discard(request, intake)
        var answer = encoding?.response(refusal, isUnread: isUnread) ?? .text(refusal, isUnread: isUnread)
        guard refusal.status == .unsupportedMediaType else { return answer }
        // What would have been right (RFC 9110, section 15.5.16).
        if encoding == nil {
            answer.headers[.accept] = TracesEncoding.allContentTypes
        } else {
            answer.headers[.acceptEncoding] = ContentCoding.allCases.map(\.rawValue).joined(separator: ", ")
        }
        return answer
    }

    private func answer(
        _ request: Request, _ coding: ContentCoding, _ encoding: TracesEncoding, from sender: Sender
    ) async -> Response {
        let intake = RequestIntake(from: sender, ingest: ingest, bytesMax: bodyBytesMax)
        var body = await BoundedBody.read(
            request, into: intake, isProtobuf: encoding == .protobuf && coding == .identity)
        defer { body.intake.release() }
        if let refusal = body.intake.refusal {
            ingest.metrics.refused(refusal, spans: body.intake.spanCount, through: .http)
            return encoding.response(refusal, isUnread: body.intake.isHopeless)
        }
        do throws(IngestRefusal) {
            let batch = try await store(body, coding, encoding, project: request.headers[.projectName])
            return encoding.response(.ok, body: encoding.success(batch))
        } catch {
            return encoding.response(error, isUnread: false)
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
            spanCount: {
                bytes.withUnsafeBytes {
                    isJSON ? ExportTraceRequest.spanCount(json: $0) : ExportTraceRequest.spanCount(protobuf: $0)
                }
            })
        let request = DecodedRequest(bytes, encoding: isJSON ? .json : .protobuf)
        return try await ingest.store(request, project: project, from: sender, through: .http)
    }

    /// No header means identity, which may also stand in a list beside another coding (RFC 9110, section 8.4); nil for
    /// codings that are not known, and for more than one.
    private func contentCoding(_ request: Request) -> ContentCoding? {
        let names = (request.headers[.contentEncoding] ?? "").split(separator: ",").map {
            String($0).trimmingWhitespace()
        }
        var codings = names.filter { !$0.isEmpty }.map { ContentCoding(header: $0) }
        codings.removeAll { $0 == .identity }
        guard let coding = codings.first else { return .identity }
        return codings.count == 1 ? coding : nil
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
