import Domain
import GraphQL
import Storage

/// Sessions, with their traces.
enum SessionTypes {
    static let part = APISchema.Part(
        types: [session, tokenUsage, SessionListFields.fields, query] + sessions.types + SessionListFields.types,
        nodes: [
            NodeLookup("ProjectSession") { id, field in
                try await field.context.repositories.sessions.session(id: id).map { session(SessionNode(record: $0)) }
            }
        ])

    static let sessions = ConnectionTypes<SessionNode>("ProjectSession") { session($0) }

    static let session: Object<SessionNode> = ObjectType(
        "ProjectSession", description: "Traces that belong together, as those of one conversation.",
        implements: ["Node"]
    ) { type in
        type.field("id", .nonNull(.id), description: "Distinct among all nodes.") { nodeID("ProjectSession", $0.id) }
        type.field("sessionId", .nonNull(.string), description: "Its id in the application.") { $0.record.sessionID }
        type.field("startTime", .nonNull(.named("DateTime")), description: "When its first trace began.") {
            dateTime($0.record.startTime)
        }
        type.field("endTime", .nonNull(.named("DateTime")), description: "When its last trace was over.") {
            dateTime($0.record.endTime)
        }
        type.field("userId", .string, description: "The user of the application.") { $0.record.userID }
        type.field("numTraces", .nonNull(.int), description: "How many traces it has.") { $0.record.traceCount }
        type.field("numSpans", .nonNull(.int), description: "How many spans its traces have.") { $0.record.spanCount }
        type.field("errorCount", .nonNull(.int), description: "How many of them failed.") { $0.record.errorCount }
        type.field("tokenUsage", .nonNull(.named("TokenUsage")), description: "How many tokens it took.") {
            tokenUsage($0.record)
        }
        type.field("costSummary", .nonNull(.named("SpanCostSummary")), description: "What it cost.") {
            CostTypes.summary($0.record.totals)
        }
        type.batched("project", .nonNull(.named("Project")), description: "What it belongs to.") { sessions, field in
            try await ProjectTypes.projects(sessions.map(\.record.projectID), field)
        }
        addTraces(&type)
        addEnds(&type)
    }

    private static func addTraces(_ type: inout Object<SessionNode>.Fields) {
        type.batched("numTracesWithError", .nonNull(.int), description: "How many traces have a failed span.") {
            sessions, field in
            let counts = try await field.context.repositories.sessions.failedTraceCounts(of: sessions.map(\.id))
            return sessions.map { counts[$0.id] ?? 0 }
        }
        type.batched(
            "traceLatencyMsQuantile", .float,
            description: "What this part of its traces took at most, in milliseconds.",
            arguments: [.argument("probability", .nonNull(.float))]
        ) { sessions, field in
            let quantiles = try await field.context.repositories.sessions.traceLatencyQuantiles(
                of: sessions.map(\.id), try field.arguments.probability())
            return sessions.map { quantiles[$0.id] }
        }
        type.batched(
            "traces", .nonNull(.named("TraceConnection")), description: "Its traces in order of time.",
            arguments: PageArguments.declared(first: nil)
        ) { sessions, field in
            let page = try PageArguments(field.arguments, isFirstNeeded: true)
            try field.spend(rows: sessions.reduce(0) { $0 + min($1.record.traceCount, Int64(page.limit)) })
            let traces = try await field.context.repositories.sessions.tracePages(
                of: sessions.map(\.id), after: page.rowID(of: "Trace"), before: page.rowIDBefore(of: "Trace"),
                firstOfEach: page.limit + 1)
            return sessions.map { session in
                let traces = (traces[session.id] ?? []).map(TraceNode.init)
                return TraceTypes.traces(Page(traces, page) { GlobalID("Trace", $0.id).description })
            }
        }
    }

    private static func addEnds(_ type: inout Object<SessionNode>.Fields) {
        type.batched("firstInput", .named("SpanIOValue"), description: "What went into its first trace.") {
            sessions, field in
            let attributes = try await field.context.repositories.sessions.rootAttributes(
                of: sessions.map(\.id), .first)
            return sessions.map { attributes[$0.id].map { SpanBodyFields.ioValue("input", of: $0) } ?? .null }
        }
        type.batched("lastOutput", .named("SpanIOValue"), description: "What came out of its last trace.") {
            sessions, field in
            let attributes = try await field.context.repositories.sessions.rootAttributes(of: sessions.map(\.id), .last)
            return sessions.map { attributes[$0.id].map { SpanBodyFields.ioValue("output", of: $0) } ?? .null }
        }
        type.batched(
            "costDetailSummaryEntries", .nonNull(.list(.nonNull(.named("SpanCostDetailSummaryEntry")))),
            description: "What it cost by kind of token."
        ) { sessions, field in
            let details = try await field.context.repositories.spans.costDetails(ofSessions: sessions.map(\.id))
            return sessions.map { CostTypes.entries(details[$0.id] ?? []) }
        }
    }

    private static let tokenUsage: Object<SessionRecord> = ObjectType("TokenUsage", description: "Counts of tokens.") {
        type in
        type.field("prompt", .nonNull(.float), description: "Sent to models.") { Double($0.promptTokens) }
        type.field("completion", .nonNull(.float), description: "Answered by models.") { Double($0.completionTokens) }
        type.field("total", .nonNull(.float), description: "Both together.") {
            Double($0.promptTokens + $0.completionTokens)
        }
    }

    private static let query = Roots.query.extended { type in
        type.asyncField(
            "getProjectSessionById", .named("ProjectSession"), description: "A session by its id in the application.",
            arguments: [.argument("sessionId", .nonNull(.string))]
        ) { _, field in
            let id = try field.arguments.string("sessionId")
            return session(try await field.context.repositories.sessions.session(id).map(SessionNode.init))
        }
    }

    /// The sessions that traces belong to, in their order.
    static func sessions(of traces: [TraceNode], _ field: Field) async throws -> [SessionNode?] {
        let ids = Set(traces.compactMap(\.record.sessionID))
        let sessions = try await field.context.repositories.sessions.sessions(Array(ids))
        return traces.map { trace in trace.record.sessionID.flatMap { sessions[$0] }.map(SessionNode.init) }
    }
}

extension SessionRecord {
    fileprivate var totals: SpanTotals {
        var totals = SpanTotals()
        totals.promptTokens = promptTokens
        totals.completionTokens = completionTokens
        totals.promptCost = promptCost
        totals.completionCost = completionCost
        return totals
    }
}
