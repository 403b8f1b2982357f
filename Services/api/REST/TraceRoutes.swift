import Domain
import FilterLanguage
import HTTP
import Hummingbird
import Storage

/// `/v1/projects/{project}/traces` and `/v1/traces`.
struct TraceRoutes: Sendable {
    let repositories: Repositories

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/v1/projects/:project/traces") { request, context in
            try await list(context.parameters.decoded("project"), QueryParameters(request.uri))
        }
        router.delete("/v1/projects/:project/traces") { request, context in
            try await clear(context.parameters.decoded("project"), QueryParameters(request.uri))
        }
        router.delete("/v1/traces/:trace") { _, context in try await delete(context.parameters.decoded("trace")) }
        router.post("/v1/traces/transfer") { request, _ in try await transfer(request) }
    }

    private func list(_ identifier: String, _ parameters: QueryParameters) async throws -> Response {
        let project = try await repositories.project(identifier)
        let limit = try parameters.integer("limit", default: 100, in: 1...1000)
        var query = try TraceQuery(parameters, projectID: project.id)
        query.limit = limit + 1
        if let sessions = parameters.texts("session_identifier") {
            query.sessionIDs = try await sessionIDs(sessions)
        }
        let found = try await repositories.traces.page(query)
        let page = Array(found.prefix(limit))
        let spans =
            try parameters.boolean("include_spans", default: false)
            ? try await repositories.spans.skeletons(ofTraces: page.map(\.id)) : nil
        return Response.json { json in
            json.object {
                $0.field("data", array: page) { json, trace in
                    json.trace(trace, spans: spans.map { $0[trace.id] ?? [] })
                }
                let last = found.count > limit ? page.last : nil
                $0.field("next_cursor", last.map { GlobalID("Trace", $0.id).description })
            }
        }
    }

    /// Removes the traces of a range of time, which has both its ends: nothing goes because a parameter was forgotten.
    private func clear(_ identifier: String, _ parameters: QueryParameters) async throws -> Response {
        let project = try await repositories.project(identifier)
        guard let start = try parameters.time("start_time"), let end = try parameters.time("end_time") else {
            throw APIError.invalid("start_time and end_time are required")
        }
        guard start < end else { throw APIError.invalid("start_time must be before end_time") }
        try await repositories.projects.clear(id: project.id, from: start, before: end)
        return Response(status: .noContent)
    }

    private func sessionIDs(_ identifiers: [String]) async throws -> [String] {
        var ids: [String] = []
        for identifier in identifiers {
            if let id = GlobalID(encoded: identifier), id.typeName == "ProjectSession",
                let session = try await repositories.sessions.session(id: id.number)
            {
                ids.append(session.sessionID)
            } else {
                ids.append(identifier)
            }
        }
        return ids
    }

    private func delete(_ identifier: String) async throws -> Response {
        guard let id = try await traceID(identifier), try await repositories.traces.remove([id]) > 0 else {
            throw Self.notFound(identifier)
        }
        return Response(status: .noContent)
    }

    private func transfer(_ request: Request) async throws -> Response {
        let body = try BodyFields(body: try await request.jsonBytes(max: 8 << 20))
        let identifiers = try body.texts("trace_identifiers")
        guard !identifiers.isEmpty else { throw APIError.invalid("trace_identifiers must not be empty") }
        let destination = try await repositories.project(try body.text("destination_project_identifier"))
        var ids: [TraceID] = []
        for identifier in identifiers {
            guard let id = try await traceID(identifier) else { throw Self.notFound(identifier) }
            ids.append(id)
        }
        let count = try await moved(ids, to: destination)
        return Response.json { json in
            json.object {
                $0.field("data") {
                    $0.field("transferred_trace_count", count)
                    $0.field("destination_project_id", GlobalID("Project", destination.id))
                }
            }
        }
    }

    private func moved(_ ids: [TraceID], to destination: ProjectRecord) async throws -> Int {
        do {
            return try await repositories.traces.move(ids, toProject: destination.id)
        } catch TraceTransfer.Refusal.missing(let missing) {
            throw Self.notFound(missing.map(\.description).joined(separator: ", "))
        } catch TraceTransfer.Refusal.manyProjects {
            throw APIError.invalid("All traces must belong to the same project")
        } catch TraceTransfer.Refusal.noProject {
            throw APIError.projectNotFound(destination.name)
        }
    }

    private static func notFound(_ identifier: String) -> APIError {
        .notFound("Trace with identifier '\(identifier)' not found")
    }

    private func traceID(_ identifier: String) async throws -> TraceID? {
        if let id = TraceID(hex: identifier) { return id }
        guard let id = GlobalID(encoded: identifier) else { return nil }
        guard id.typeName == "Trace" else { throw ValidationError.path("trace_identifier", "is not the id of a trace") }
        return try await repositories.traces.trace(id: id.number)?.traceID
    }
}

extension TraceQuery {
    /// Reads all but sessions, whose ids are looked up. Throws 422 for what cannot be asked for.
    fileprivate init(_ parameters: QueryParameters, projectID: Int64) throws {
        self.init(projectID: projectID, limit: 0)
        startTime = try parameters.time("start_time")
        endTime = try parameters.time("end_time")
        if parameters.text("error") != nil { hasErrors = try parameters.boolean("error", default: false) }
        latencyMin = try parameters.milliseconds("min_latency_ms")
        latencyMax = try parameters.milliseconds("max_latency_ms")
        filter = try parameters.filter(TraceFilter.init)
        sort = try parameters.choice("sort", ["start_time": .startTime, "latency_ms": .latency]) ?? .startTime
        descending = try parameters.choice("order", ["desc": true, "asc": false]) ?? true
        after = try parameters.text("cursor").map { try GlobalID(cursor: $0, of: "Trace").number }
    }
}

extension JSONWriter {
    fileprivate mutating func trace(_ trace: TraceRecord, spans: [SpanSkeleton]?) {
        object {
            $0.field("id", GlobalID("Trace", trace.id))
            $0.field("trace_id", trace.traceID.description)
            $0.field("project_id", GlobalID("Project", trace.projectID))
            $0.field("start_time", time: trace.startTime)
            $0.field("end_time", time: trace.endTime)
            $0.field("token_count_prompt", trace.promptTokens)
            $0.field("token_count_completion", trace.completionTokens)
            $0.field("token_count_total", trace.promptTokens + trace.completionTokens)
            if let spans {
                $0.field("spans", array: spans) { $0.traceSpan($1) }
            } else {
                $0.field("spans", String?.none)
            }
        }
    }

    private mutating func traceSpan(_ span: SpanSkeleton) {
        object {
            $0.field("id", GlobalID("Span", span.id))
            $0.field("span_id", span.spanID.description)
            $0.field("parent_id", span.parentID?.description)
            $0.field("name", span.name)
            $0.field("span_kind", span.kind)
            $0.field("status_code", span.statusCode)
            $0.field("start_time", time: span.startTime)
            $0.field("end_time", time: span.endTime)
        }
    }
}
