import Domain
import GraphQL
import Storage

/// Traces, with their spans.
enum TraceTypes {
    static let part = APISchema.Part(
        types: [trace, kindCount, errorTypeCount, TraceSpanFields.fields, query] + traces.types,
        nodes: [
            NodeLookup("Trace") { id, field in
                try await field.context.repositories.traces.trace(id: id).map { trace(TraceNode(record: $0)) }
            }
        ])

    static let traces = ConnectionTypes<TraceNode>("Trace") { trace($0) }

    static let trace: Object<TraceNode> = ObjectType(
        "Trace", description: "What an application did from end to end, as a tree of spans.", implements: ["Node"]
    ) { type in
        type.field("id", .nonNull(.id), description: "Distinct among all nodes.") { nodeID("Trace", $0.id) }
        type.field("traceId", .nonNull(.id), description: "Its id in OpenTelemetry, in hexadecimal.") {
            $0.record.traceID.description
        }
        type.field("startTime", .nonNull(.named("DateTime")), description: "When its first span began.") {
            dateTime($0.record.startTime)
        }
        type.field("endTime", .nonNull(.named("DateTime")), description: "When its last span was over.") {
            dateTime($0.record.endTime)
        }
        type.field("latencyMs", .float, description: "How long it took, in milliseconds.") {
            Double($0.record.endTime - $0.record.startTime) / 1e6
        }
        type.field("userId", .string, description: "The user of the application.") { $0.record.userID }
        type.field("numSpans", .nonNull(.int), description: "How many spans it has.") { $0.record.spanCount }
        type.field("errorCount", .nonNull(.int), description: "How many of them failed.") { $0.record.errorCount }
        type.field("costSummary", .nonNull(.named("SpanCostSummary")), description: "What it cost.") {
            CostTypes.summary($0.record.totals)
        }
        addOwners(&type)
        addBreakdowns(&type)
    }

    private static func addOwners(_ type: inout Object<TraceNode>.Fields) {
        type.field("projectId", .nonNull(.id), description: "The id of its project.") {
            nodeID("Project", $0.record.projectID)
        }
        type.batched("project", .nonNull(.named("Project")), description: "What it belongs to.") { traces, field in
            try await ProjectTypes.projects(traces.map(\.record.projectID), field)
        }
        type.batched("projectSessionId", .id, description: "The id of its session.") { traces, field in
            try await SessionTypes.sessions(of: traces, field).map { session in
                session.map { nodeID("ProjectSession", $0.id) } ?? .null
            }
        }
        type.batched("session", .named("ProjectSession"), description: "The session it belongs to.") { traces, field in
            try await SessionTypes.sessions(of: traces, field).map { SessionTypes.session($0) }
        }
    }

    private struct KindCount: Sendable {
        var kind: String
        var count: Int64
    }

    private static let kindCount: Object<KindCount> = ObjectType(
        "SpanKindCount", description: "How many spans of a kind there are."
    ) { type in
        type.field("spanKind", .nonNull(.named("SpanKind")), description: "The kind.") { SpanTypes.kind($0.kind) }
        type.field("count", .nonNull(.int), description: "How many.") { $0.count }
    }

    private struct ErrorTypeCount: Sendable {
        var type: String?
        var count: Int
    }

    private static let errorTypeCount: Object<ErrorTypeCount> = ObjectType(
        "SpanErrorTypeCount", description: "How often an exception was thrown."
    ) { type in
        type.field("exceptionType", .string, description: "Null for failed spans that name no exception.") { $0.type }
        type.field("count", .nonNull(.int), description: "How often.") { $0.count }
    }

    private static func addBreakdowns(_ type: inout Object<TraceNode>.Fields) {
        type.batched(
            "spanCountsByKind", .nonNull(.list(.nonNull(.named("SpanKindCount")))),
            description: "How many spans of each kind it has."
        ) { traces, field in
            let counts = try await field.context.repositories.spans.kindCounts(ofTraces: traces.map(\.id))
            return traces.map { kindCount((counts[$0.id] ?? []).map { KindCount(kind: $0.kind, count: $0.count) }) }
        }
        type.batched(
            "errorsByType", .nonNull(.list(.nonNull(.named("SpanErrorTypeCount")))),
            description: "Which exceptions its failed spans name, the most frequent first."
        ) { traces, field in
            let failed = traces.filter { $0.record.errorCount > 0 }.map(\.id)
            let events = try await field.context.repositories.spans.eventsOfErrors(inTraces: failed)
            return traces.map { errorTypeCount(errorTypes(events[$0.id] ?? [])) }
        }
        type.batched(
            "costDetailSummaryEntries", .nonNull(.list(.nonNull(.named("SpanCostDetailSummaryEntry")))),
            description: "What it cost by kind of token."
        ) { traces, field in
            let details = try await field.context.repositories.spans.costDetails(ofTraces: traces.map(\.id))
            return traces.map { CostTypes.entries(details[$0.id] ?? []) }
        }
    }

    /// - Parameter events: of each failed span.
    private static func errorTypes(_ events: [[UInt8]]) -> [ErrorTypeCount] {
        var counts: [String?: Int] = [:]
        for json in events {
            let exceptions = StoredJSON.events(json).filter { $0.name == "exception" }
            if exceptions.isEmpty { counts[nil, default: 0] += 1 }
            for exception in exceptions { counts[exception.text("exception.type"), default: 0] += 1 }
        }
        return counts.map { ErrorTypeCount(type: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.type ?? "") < ($0.count, $1.type ?? "") }
    }

    private static let query = Roots.query.extended { type in
        type.asyncField(
            "getTraceByOtelId", .named("Trace"), description: "A trace by its id in OpenTelemetry, in hexadecimal.",
            arguments: [.argument("traceId", .nonNull(.string))]
        ) { _, field in
            trace(try await find(try field.arguments.string("traceId"), field))
        }
    }

    /// A trace by its id in OpenTelemetry.
    static func find(_ text: String, _ field: Field) async throws -> TraceNode? {
        guard let id = TraceID(hex: text) else { return nil }
        return try await field.context.repositories.traces.trace(id).map(TraceNode.init)
    }
}

extension Object<TraceNode> {
    /// A trace that something stored belongs to; it may have been removed since.
    func callAsFunction(orMissing record: TraceRecord?, _ id: Int64) -> OutputValue {
        record.map { self(TraceNode(record: $0)) } ?? .failure(ExpectedError("Trace with ID \(id) not found"))
    }
}

extension TraceRecord {
    var totals: SpanTotals {
        var totals = SpanTotals()
        totals.promptTokens = promptTokens
        totals.completionTokens = completionTokens
        totals.promptCost = promptCost
        totals.completionCost = completionCost
        return totals
    }
}
