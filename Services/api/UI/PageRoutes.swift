import Domain
import HTTP
import Hummingbird
import Storage

/// What the browser application reads, below `/bennu/v1`. Lists come from rollups and columns, never from attributes.
struct PageRoutes: Sendable {
    private static let pageMax = 200

    let repositories: Repositories

    func add<Context: RequestContext>(to router: Router<Context>) {
        let pages = router.group("/bennu/v1")
        pages.get("/projects") { _, _ in try await projects() }
        pages.get("/projects/:project") { _, context in try await project(context.parameters.decoded("project")) }
        pages.get("/projects/:project/traces") { request, context in
            try await traces(context.parameters.decoded("project"), QueryParameters(request.uri))
        }
        pages.get("/projects/:project/sessions") { request, context in
            try await sessions(context.parameters.decoded("project"), QueryParameters(request.uri))
        }
        pages.get("/projects/:project/series") { request, context in
            try await series(context.parameters.decoded("project"), QueryParameters(request.uri))
        }
        pages.get("/traces/:trace") { _, context in try await trace(context.parameters.decoded("trace")) }
        pages.get("/spans/:span") { _, context in try await span(context.parameters.decoded("span")) }
        pages.get("/**") { _, _ -> Response in throw APIError.notFound("not found") }
    }

    private func projects() async throws -> Response {
        let all = try await repositories.projects.page(from: 0, limit: 10_000)
        let totals = try await repositories.statistics.totals()
        return Response.json { json in
            json.object {
                $0.field("data", array: all) { $0.project($1, totals[$1.id] ?? ProjectTotals()) }
            }
        }
    }

    private func project(_ identifier: String) async throws -> Response {
        let project = try await repositories.project(identifier)
        let totals = try await repositories.statistics.totals(projectID: project.id)[project.id]
        return Response.json { json in
            json.object {
                $0.key("data")
                $0.project(project, totals ?? ProjectTotals())
            }
        }
    }

    private func traces(_ identifier: String, _ parameters: QueryParameters) async throws -> Response {
        let project = try await repositories.project(identifier)
        let limit = try parameters.integer("limit", default: 50, in: 1...Self.pageMax)
        var query = TraceQuery(projectID: project.id, limit: limit + 1)
        query.search = parameters.text("search")
        query.sessionIDs = parameters.text("sessionId").map { [$0] }
        query.after = try parameters.text("cursor").map { try GlobalID(cursor: $0, of: "Trace").number }
        let found = try await repositories.traces.page(query)
        let page = found.prefix(limit)
        return Response.json { json in
            json.object {
                $0.field("data", array: page) { $0.listedTrace($1) }
                let last = found.count > limit ? page.last : nil
                $0.field("nextCursor", last.map { GlobalID("Trace", $0.id).description })
            }
        }
    }

    private func sessions(_ identifier: String, _ parameters: QueryParameters) async throws -> Response {
        let project = try await repositories.project(identifier)
        let limit = try parameters.integer("limit", default: 50, in: 1...Self.pageMax)
        let found = try await repositories.sessions.newest(
            projectID: project.id,
            after: try parameters.text("cursor").map { try GlobalID(cursor: $0, of: "ProjectSession").number },
            limit: limit + 1)
        let page = found.prefix(limit)
        return Response.json { json in
            json.object {
                $0.field("data", array: page) { $0.listedSession($1) }
                let last = found.count > limit ? page.last : nil
                $0.field("nextCursor", last.map { GlobalID("ProjectSession", $0.id).description })
            }
        }
    }

    private func series(_ identifier: String, _ parameters: QueryParameters) async throws -> Response {
        let project = try await repositories.project(identifier)
        let window = try parameters.choice("window", SeriesWindow.all) ?? SeriesWindow.day
        let now = SystemClock.now() / Timestamp.nanosecondsPerSecond
        let start = (now - window.seconds) / window.width * window.width
        let points = try await repositories.statistics.series(projectID: project.id, width: window.width, from: start)
        return Response.json { json in
            json.object {
                $0.key("data")
                $0.object {
                    $0.field("bucketSeconds", window.width)
                    $0.field("points", array: points) { $0.point($1) }
                }
            }
        }
    }

    private func trace(_ identifier: String) async throws -> Response {
        guard let id = TraceID(hex: identifier), let trace = try await repositories.traces.trace(id),
            let project = try await repositories.projects.project(id: trace.projectID)
        else { throw APIError.notFound("Trace \(identifier) not found") }
        let spans = try await repositories.spans.skeletons(ofTrace: trace.id)
        return Response.json { json in
            json.object {
                $0.key("data")
                $0.object {
                    $0.traceFields(trace)
                    $0.field("projectId", GlobalID("Project", project.id))
                    $0.field("projectName", project.name)
                    $0.field("spans", array: spans) { json, span in json.object { $0.skeletonFields(span) } }
                }
            }
        }
    }

    private func span(_ identifier: String) async throws -> Response {
        guard let id = SpanID(hex: identifier), let span = try await repositories.spans.span(id) else {
            throw APIError.notFound("Span \(identifier) not found")
        }
        return Response.json { json in
            json.object {
                $0.key("data")
                $0.object {
                    $0.skeletonFields(span.skeleton)
                    $0.field("traceId", span.traceID.description)
                    $0.field("statusMessage", span.statusMessage)
                    $0.field("attributes", raw: span.attributes)
                    $0.field("events", raw: span.events ?? Array("[]".utf8))
                    $0.field("otlp", raw: span.otlp)
                    $0.field("resource", raw: span.resource)
                    $0.field("promptCost", span.promptCost.map(Self.dollars))
                    $0.field("completionCost", span.completionCost.map(Self.dollars))
                }
            }
        }
    }

    fileprivate static func dollars(_ nanoDollars: Int64) -> Double { Double(nanoDollars) / 1e9 }
}

/// How far a time series looks back, and in which steps.
private struct SeriesWindow {
    var seconds: Int64
    var width: Int64

    static let day = SeriesWindow(seconds: 86_400, width: 3600)
    static let all = [
        "1h": SeriesWindow(seconds: 3600, width: 60), "24h": day,
        "7d": SeriesWindow(seconds: 7 * 86_400, width: 3600), "30d": SeriesWindow(seconds: 30 * 86_400, width: 86_400),
    ]
}

extension JSONWriter {
    fileprivate mutating func project(_ project: ProjectRecord, _ totals: ProjectTotals) {
        object {
            $0.field("id", GlobalID("Project", project.id))
            $0.field("name", project.name)
            $0.field("description", project.description)
            $0.field("gradientStartColor", project.gradientStartColor)
            $0.field("gradientEndColor", project.gradientEndColor)
            $0.field("traceCount", totals.traceCount)
            $0.field("spanCount", totals.spanCount)
            $0.field("errorCount", totals.errorCount)
            $0.field("promptTokens", totals.promptTokens)
            $0.field("completionTokens", totals.completionTokens)
            $0.field("totalCost", PageRoutes.dollars(totals.cost))
            $0.field("latencyMsP50", totals.latencyP50.map { $0 / 1e6 })
            $0.field("latencyMsP99", totals.latencyP99.map { $0 / 1e6 })
            $0.field("lastSpanTime", time: totals.lastSpanTime, suffix: "Z")
        }
    }

    fileprivate mutating func traceFields(_ trace: TraceRecord) {
        field("id", GlobalID("Trace", trace.id))
        field("traceId", trace.traceID.description)
        field("startTime", time: trace.startTime, suffix: "Z")
        field("endTime", time: trace.endTime, suffix: "Z")
        field("latencyMs", Double(trace.endTime - trace.startTime) / 1e6)
        field("spanCount", trace.spanCount)
        field("errorCount", trace.errorCount)
        field("promptTokens", trace.promptTokens)
        field("completionTokens", trace.completionTokens)
        field("totalCost", PageRoutes.dollars(trace.cost))
        field("sessionId", trace.sessionID)
        field("userId", trace.userID)
    }

    fileprivate mutating func listedTrace(_ trace: TraceRecord) {
        object {
            $0.traceFields(trace)
            $0.key("rootSpan")
            $0.object {
                $0.field("spanId", trace.rootSpanID.description)
                $0.field("name", trace.rootName)
                $0.field("kind", trace.rootKind)
                $0.field("statusCode", trace.rootStatus)
                $0.field("inputPreview", trace.input)
                $0.field("outputPreview", trace.output)
                $0.field("isOrphan", trace.rootIsOrphan)
            }
        }
    }

    fileprivate mutating func listedSession(_ session: SessionRecord) {
        object {
            $0.field("id", GlobalID("ProjectSession", session.id))
            $0.field("sessionId", session.sessionID)
            $0.field("startTime", time: session.startTime, suffix: "Z")
            $0.field("endTime", time: session.endTime, suffix: "Z")
            $0.field("traceCount", session.traceCount)
            $0.field("spanCount", session.spanCount)
            $0.field("errorCount", session.errorCount)
            $0.field("promptTokens", session.promptTokens)
            $0.field("completionTokens", session.completionTokens)
            $0.field("totalCost", PageRoutes.dollars(session.cost))
            $0.field("userId", session.userID)
        }
    }

    fileprivate mutating func point(_ point: ProjectPoint) {
        object {
            $0.field("time", time: point.time * Timestamp.nanosecondsPerSecond, suffix: "Z")
            $0.field("traceCount", point.traceCount)
            $0.field("spanCount", point.spanCount)
            $0.field("errorCount", point.errorCount)
            $0.field("promptTokens", point.promptTokens)
            $0.field("completionTokens", point.completionTokens)
        }
    }

    fileprivate mutating func skeletonFields(_ span: SpanSkeleton) {
        field("id", GlobalID("Span", span.id))
        field("spanId", span.spanID.description)
        field("parentId", span.parentID?.description)
        field("name", span.name)
        field("kind", span.kind)
        field("statusCode", span.statusCode)
        field("startTime", time: span.startTime, suffix: "Z")
        field("endTime", time: span.endTime, suffix: "Z")
        field("promptTokens", span.promptTokens)
        field("completionTokens", span.completionTokens)
        field("modelName", span.modelName)
    }
}
