import Domain
import Foundation
import HTTP
import Hummingbird
import Storage

/// `/v1/projects/{project}/spans` and `/v1/spans`.
struct SpanRoutes: Sendable {
    let repositories: Repositories
    let writer: SpanWriter
    let bodyBytesMax: Int

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/v1/projects/:project/spans") { request, context in
            try await list(
                context.parameters.decoded("project"), QueryParameters(request.uri),
                cursor: { GlobalID("Span", $0).description }
            ) { $0.span($1) }
        }
        router.get("/v1/projects/:project/spans/otlpv1") { request, context in
            try await list(
                context.parameters.decoded("project"), QueryParameters(request.uri),
                cursor: { GlobalID("Span", $0).description }
            ) { $0.otlpSpan($1) }
        }
        router.post("/v1/projects/:project/spans") { request, context in
            try await create(context.parameters.decoded("project"), request)
        }
        router.delete("/v1/spans/:span") { _, context in try await delete(context.parameters.decoded("span")) }
    }

    private func list(
        _ identifier: String, _ parameters: QueryParameters, cursor: (Int64) -> String,
        _ write: (inout JSONWriter, SpanRecordWithBodies) -> Void
    ) async throws -> Response {
        let project = try await repositories.project(identifier)
        let limit = try parameters.integer("limit", default: 100, in: 1...1000)
        var query = try SpanQuery(parameters, projectID: project.id)
        query.limit = limit + 1
        let found = try await repositories.spans.page(query)
        return Response.json { json in
            json.object {
                $0.field("data", array: found.prefix(limit), write)
                $0.field("next_cursor", found.count > limit ? cursor(found[limit].skeleton.id) : nil)
            }
        }
    }

    private func create(_ identifier: String, _ request: Request) async throws -> Response {
        let project = try await repositories.project(identifier)
        let body = try await request.jsonBytes(max: bodyBytesMax)
        let spans = try SubmittedSpan.all(inBody: body)
        let stored = try await repositories.spans.stored(among: spans.map(\.spanID))
        var seen: Set<SpanID> = stored
        let duplicates = spans.filter { !seen.insert($0.spanID).inserted }
        guard duplicates.isEmpty else { return Self.refusal(spans.count, duplicates: duplicates) }
        try await writer.write(try SubmittedSpan.batch(spans), project: project.name)
        return Response.json(status: .accepted) { json in
            json.object {
                $0.field("total_received", spans.count)
                $0.field("total_queued", spans.count)
            }
        }
    }

    /// As `arize-phoenix-client` reads it: JSON, though by its type it is text as every refusal is.
    private static func refusal(_ received: Int, duplicates: [SubmittedSpan]) -> Response {
        var response = Response.json(status: .badRequest) { $0.refusal(received, duplicates: duplicates) }
        response.headers[.contentType] = "text/plain; charset=utf-8"
        return response
    }

    private func delete(_ identifier: String) async throws -> Response {
        guard let id = try await spanID(identifier), try await repositories.spans.remove(id) else {
            throw APIError.notFound("Span with identifier '\(identifier)' not found")
        }
        return Response(status: .noContent)
    }

    private func spanID(_ identifier: String) async throws -> SpanID? {
        if let id = SpanID(hex: identifier) { return id }
        guard let id = GlobalID(encoded: identifier) else { return nil }
        guard id.typeName == "Span" else { throw ValidationError.path("span_identifier", "is not the id of a span") }
        return try await repositories.spans.span(id: id.number)?.skeleton.spanID
    }
}

extension SpanQuery {
    /// Reads the simple filters. Throws 422 for what cannot be one; an id of the wrong form matches nothing.
    init(_ parameters: QueryParameters, projectID: Int64) throws {
        self.init(projectID: projectID, limit: 0)
        startTime = try parameters.time("start_time")
        endTime = try parameters.time("end_time")
        traceIDs = parameters.texts("trace_id")?.compactMap { TraceID(hex: $0) }
        spanIDs = parameters.texts("span_id")?.compactMap { SpanID(hex: $0) }
        names = parameters.texts("name")
        kinds = try parameters.words("span_kind", SpanKind.self)
        statusCodes = try parameters.words("status_code", SpanStatusCode.self)
        attributes = try (parameters.texts("attribute") ?? []).map(AttributeEquality.init(parameter:))
        sort = try parameters.choice("sort", ["id": .id, "start_time": .startTime]) ?? .startTime
        descending = try parameters.choice("order", ["desc": true, "asc": false]) ?? true
        from = try parameters.text("cursor").map { try GlobalID(cursor: $0, of: "Span").number }
        switch parameters.text("parent_id") {
        case nil: break
        case "null": parent = .root
        case let text?: parent = SpanID(hex: text).map(Parent.span) ?? .span(SpanID(0))
        }
    }
}

extension QueryParameters {
    /// Every value, each the name of a case in any case of letters. Throws 422 for others.
    fileprivate func words<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws -> [String]? {
        guard let words = texts(name)?.map({ $0.uppercased() }) else { return nil }
        let unknown = words.filter { Choice(rawValue: $0) == nil }
        guard unknown.isEmpty else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid("\(name) must be one of \(known), and not \(unknown.joined(separator: ", "))")
        }
        return words
    }
}

extension AttributeEquality {
    /// Reads `key:value`, the key a path with dots, the value JSON or else text as it stands.
    init(parameter: String) throws {
        guard let colon = parameter.firstIndex(of: ":"), colon != parameter.startIndex else {
            throw APIError.invalid("attribute must be of the form key:value")
        }
        let path = parameter[..<colon].split(separator: ".").map(String.init)
        let text = String(parameter[parameter.index(after: colon)...])
        guard !path.isEmpty, !text.isEmpty else { throw APIError.invalid("attribute needs a key and a value") }
        self.init(path: path, value: try Self.value(text))
    }

    private static func value(_ text: String) throws -> Value {
        guard let json = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) else {
            return .text(text)
        }
        switch json {
        case let text as String: return .text(text)
        case is NSNull, is [Any], is [String: Any]:
            throw APIError.invalid("attribute's value must be text, a number, true or false")
        default:
            if text == "true" || text == "false" { return .boolean(text == "true") }
            if let number = Int64(text) { return .integer(number) }
            guard let number = Double(text) else { return .text(text) }
            return .number(number)
        }
    }
}

extension JSONWriter {
    /// A span as `GET …/spans` shows it, attributes by their flat keys.
    fileprivate mutating func span(_ span: SpanRecordWithBodies) {
        let skeleton = span.skeleton
        object {
            $0.field("id", GlobalID("Span", skeleton.id))
            $0.field("name", skeleton.name)
            $0.field("context") {
                $0.field("trace_id", span.traceID.description)
                $0.field("span_id", skeleton.spanID.description)
            }
            $0.field("span_kind", skeleton.kind)
            $0.field("parent_id", skeleton.parentID?.description)
            $0.field("start_time", time: skeleton.startTime)
            $0.field("end_time", time: skeleton.endTime)
            $0.field("status_code", skeleton.statusCode)
            $0.field("status_message", span.statusMessage)
            // Its kind has a field of its own.
            $0.field(
                "attributes", raw: AttributeFlattening.flattened(span.attributes, without: "openinference.span.kind"))
            $0.field("events", raw: span.events ?? Array("[]".utf8))
        }
    }

    /// Why posted spans were not stored.
    fileprivate mutating func refusal(_ received: Int, duplicates: [SubmittedSpan]) {
        object {
            $0.field("error", "Request contains invalid or duplicate spans")
            $0.field("total_received", received)
            $0.field("total_queued", 0)
            $0.field("total_duplicates", duplicates.count)
            $0.field("total_invalid", 0)
            $0.field("duplicate_spans", array: duplicates) { json, span in
                json.object {
                    $0.field("span_id", span.spanID.description)
                    $0.field("trace_id", span.traceID.description)
                }
            }
            $0.field("invalid_spans", array: [SubmittedSpan]()) { _, _ in }
        }
    }
}
