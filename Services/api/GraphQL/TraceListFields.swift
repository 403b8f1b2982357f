import Domain
import GraphQL
import Storage

/// What lists and trees of traces show, beyond Phoenix's schema: from the traces' own rows and from spans' columns, however
/// much the spans say.
enum TraceListFields {
    static let part = APISchema.Part(types: [preview, skeleton, projectFields, traceFields])

    private static let projectFields = ProjectTypes.project.extended { type in
        type.asyncField(
            "traces", .nonNull(.named("TraceConnection")), description: "Its traces, the newest first.",
            arguments: [
                .argument("first", .nonNull(.int)), .argument("after", .string),
                .argument(
                    "search", .string,
                    description: "In the name, or at the beginning of the input or output, of any span; in any case."),
                .argument("sessionId", .string, description: "The session's id in the application."),
            ]
        ) { project, field in
            let page = try PageArguments(field.arguments, isFirstNeeded: true)
            var query = TraceQuery(projectID: project.id, limit: page.limit + 1)
            query.search = try field.arguments.optionalString("search")
            query.sessionIDs = try field.arguments.optionalString("sessionId").map { [$0] }
            query.after = try page.rowID(of: "Trace")
            let traces = try await field.context.repositories.traces.page(query).map(TraceNode.init)
            try field.spend(rows: traces.count)
            return TraceTypes.traces(
                Page(traces, limit: page.limit, hasPrevious: query.after != nil) {
                    GlobalID("Trace", $0.id).description
                })
        }
    }

    private static let traceFields = TraceTypes.trace.extended { type in
        type.field("sessionId", .string, description: "The id of its session in the application.") {
            $0.record.sessionID
        }
        type.field(
            "rootPreview", .nonNull(.named("SpanPreview")), description: "The span that stands for it in a list."
        ) { preview($0.record) }
        type.batched(
            "skeleton", .nonNull(.list(.nonNull(.named("SpanSkeleton")))),
            description: "All its spans in order of time, as much of them as their tree shows."
        ) { traces, field in
            try field.spend(rows: traces.reduce(0) { $0 + $1.record.spanCount })
            let spans = try await field.context.repositories.spans.skeletons(ofTraces: traces.map(\.id))
            return traces.map { skeleton(spans[$0.id] ?? []) }
        }
    }

    private static let preview: Object<TraceRecord> = ObjectType(
        "SpanPreview", description: "A span as a row of a list shows it."
    ) { type in
        type.field("spanId", .nonNull(.id), description: "Its id in OpenTelemetry, in hexadecimal.") {
            $0.rootSpanID.description
        }
        type.field("name", .nonNull(.string), description: "What the step is called.") { $0.rootName }
        type.field("spanKind", .nonNull(.named("SpanKind")), description: "What it did.") {
            SpanTypes.kind($0.rootKind)
        }
        type.field("statusCode", .nonNull(.named("SpanStatusCode")), description: "How it ended.") { $0.rootStatus }
        type.field("input", .string, description: "The beginning of what went into it.") { $0.input }
        type.field("output", .string, description: "The beginning of what came out of it.") { $0.output }
        type.field("isOrphan", .nonNull(.boolean), description: "Whether it names a parent that has not come.") {
            $0.rootIsOrphan
        }
    }

    private static let skeleton: Object<SpanSkeleton> = ObjectType(
        "SpanSkeleton", description: "A span as the tree of its trace shows it."
    ) { type in
        type.field("id", .nonNull(.id), description: "That of the span among all nodes.") { nodeID("Span", $0.id) }
        type.field("spanId", .nonNull(.id), description: "Its id in OpenTelemetry, in hexadecimal.") {
            $0.spanID.description
        }
        type.field("parentId", .id, description: "That of the span it is part of; null for a root.") {
            $0.parentID?.description
        }
        type.field("name", .nonNull(.string), description: "What the step is called.") { $0.name }
        type.field("spanKind", .nonNull(.named("SpanKind")), description: "What it did.") { SpanTypes.kind($0.kind) }
        type.field("statusCode", .nonNull(.named("SpanStatusCode")), description: "How it ended.") { $0.statusCode }
        type.field("startTime", .nonNull(.named("DateTime")), description: "When it began.") { dateTime($0.startTime) }
        type.field("endTime", .nonNull(.named("DateTime")), description: "When it was over.") { dateTime($0.endTime) }
        type.field("tokenCountPrompt", .int, description: "Tokens that it sent to a model.") { $0.promptTokens }
        type.field("tokenCountCompletion", .int, description: "Tokens that a model answered it with.") {
            $0.completionTokens
        }
        type.field("modelName", .string, description: "The model that it called; null where it called none.") {
            $0.modelName
        }
    }
}
