import Domain
import FilterLanguage
import HTTP
import Hummingbird
import Storage

/// `/v1/projects/{project}/sessions` and `/v1/sessions/{session}`.
struct SessionRoutes: Sendable {
    let repositories: Repositories

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/v1/projects/:project/sessions") { request, context in
            try await list(context.parameters.decoded("project"), QueryParameters(request.uri))
        }
        router.get("/v1/sessions/:session") { _, context in try await show(context.parameters.decoded("session")) }
        router.delete("/v1/sessions/:session") { _, context in
            try await delete(context.parameters.decoded("session"))
        }
        router.post("/v1/sessions/delete") { request, _ in try await deleteMany(request) }
    }

    private func list(_ identifier: String, _ parameters: QueryParameters) async throws -> Response {
        let project = try await repositories.project(identifier)
        let limit = try parameters.integer("limit", default: 100, in: 1...Int(Int32.max))
        let found = try await repositories.sessions.byID(
            projectID: project.id, filter: try parameters.filter(SessionFilter.init),
            from: try parameters.text("cursor").map { try GlobalID(cursor: $0, of: "ProjectSession").number },
            descending: try parameters.choice("order", ["asc": false, "desc": true]) ?? false, limit: limit + 1)
        let page = Array(found.prefix(limit))
        let traces = try await repositories.sessions.traces(of: page.map(\.sessionID))
        return Response.json { json in
            json.object {
                $0.field("data", array: page) { $0.session($1, traces: traces[$1.sessionID] ?? []) }
                let next = found.count > limit ? found[limit] : nil
                $0.field("next_cursor", next.map { GlobalID("ProjectSession", $0.id).description })
            }
        }
    }

    private func show(_ identifier: String) async throws -> Response {
        guard let session = try await session(identifier) else {
            throw APIError.notFound("Session with identifier \(identifier) not found")
        }
        let traces = try await repositories.sessions.traces(of: [session.sessionID])
        return Response.json { json in
            json.object {
                $0.key("data")
                $0.session(session, traces: traces[session.sessionID] ?? [])
            }
        }
    }

    private func delete(_ identifier: String) async throws -> Response {
        guard let session = try await session(identifier) else {
            throw APIError.notFound("Session with identifier \(identifier) not found")
        }
        try await repositories.sessions.remove([session.sessionID])
        return Response(status: .noContent)
    }

    private func deleteMany(_ request: Request) async throws -> Response {
        let identifiers = try BodyFields(body: try await request.jsonBytes(max: 8 << 20)).texts("session_identifiers")
        guard !identifiers.isEmpty else { throw APIError.invalid("session_identifiers must not be empty") }
        let rows = identifiers.compactMap { text -> Int64? in
            guard let id = GlobalID(encoded: text), id.typeName == "ProjectSession" else { return nil }
            return id.number
        }
        guard rows.isEmpty || rows.count == identifiers.count else {
            throw APIError.invalid("session_identifiers must be all global IDs or all session_id strings")
        }
        let ids = rows.isEmpty ? identifiers : try await repositories.sessions.sessionIDs(ofRows: rows)
        try await repositories.sessions.remove(ids)
        return Response(status: .noContent)
    }

    private func session(_ identifier: String) async throws -> SessionRecord? {
        if let id = GlobalID(encoded: identifier), id.typeName == "ProjectSession",
            let session = try await repositories.sessions.session(id: id.number)
        {
            return session
        }
        return try await repositories.sessions.session(identifier)
    }
}

extension JSONWriter {
    fileprivate mutating func session(_ session: SessionRecord, traces: [SessionTrace]) {
        object {
            $0.field("id", GlobalID("ProjectSession", session.id))
            $0.field("session_id", session.sessionID)
            $0.field("project_id", GlobalID("Project", session.projectID))
            $0.field("start_time", time: session.startTime)
            $0.field("end_time", time: session.endTime)
            $0.field("token_count_prompt", session.promptTokens)
            $0.field("token_count_completion", session.completionTokens)
            $0.field("token_count_total", session.promptTokens + session.completionTokens)
            $0.field("traces", array: traces) { json, trace in
                json.object {
                    $0.field("id", GlobalID("Trace", trace.id))
                    $0.field("trace_id", trace.traceID.description)
                    $0.field("start_time", time: trace.startTime)
                    $0.field("end_time", time: trace.endTime)
                }
            }
        }
    }
}
