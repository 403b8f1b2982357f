import Domain
import GraphQL
import Storage

/// Spans by their columns and by their place in the trace.
enum SpanTypes {
    static let part = APISchema.Part(
        types: [statusCode, kind, context, span, SpanBodyFields.fields, SpanTreeFields.fields, query]
            + spans.types + SpanBodyFields.types,
        nodes: [
            NodeLookup("Span") { id, field in
                try await field.context.repositories.spans.summaries(ids: [id])[id].map { span(SpanNode(record: $0)) }
            }
        ])

    static let spans = ConnectionTypes<SpanNode>("Span") { span($0) }

    private static let statusCode = EnumType(
        "SpanStatusCode", description: "How a span ended.",
        values: ["OK", "ERROR", "UNSET"].map { SchemaEnumValue(name: $0) })

    private static let kind = EnumType(
        "SpanKind", description: "What a span did.",
        values: SpanKind.allCases.map { SchemaEnumValue(name: $0.rawValue.lowercased()) })

    static func kind(_ stored: String) -> OutputValue {
        .string((SpanKind(rawValue: stored) ?? .unknown).rawValue.lowercased())
    }

    private static let context: Object<SpanNode> = ObjectType(
        "SpanContext", description: "A span's ids in OpenTelemetry, in hexadecimal."
    ) { type in
        type.field("traceId", .nonNull(.id), description: "Its trace's.") { $0.record.traceID.description }
        type.field("spanId", .nonNull(.id), description: "Its own.") { $0.record.skeleton.spanID.description }
    }

    static let span: Object<SpanNode> = ObjectType("Span", description: "One step of a trace.", implements: ["Node"]) {
        type in
        type.field("id", .nonNull(.id), description: "Distinct among all nodes.") { nodeID("Span", $0.id) }
        type.field("name", .nonNull(.string), description: "What the step is called.") { $0.record.skeleton.name }
        type.field("statusCode", .nonNull(.named("SpanStatusCode")), description: "How it ended.") {
            $0.record.skeleton.statusCode
        }
        type.field("statusMessage", .nonNull(.string), description: "What went wrong; empty where nothing did.") {
            $0.record.statusMessage
        }
        type.field("spanKind", .nonNull(.named("SpanKind")), description: "What it did.") {
            kind($0.record.skeleton.kind)
        }
        type.field("startTime", .nonNull(.named("DateTime")), description: "When it began.") {
            dateTime($0.record.skeleton.startTime)
        }
        type.field("endTime", .named("DateTime"), description: "When it was over.") {
            dateTime($0.record.skeleton.endTime)
        }
        type.field("latencyMs", .float, description: "How long it took, in milliseconds.") {
            Double($0.record.skeleton.endTime - $0.record.skeleton.startTime) / 1e6
        }
        addIDs(&type)
        addModel(&type)
        addSums(&type)
        addOwners(&type)
    }

    private static func addIDs(_ type: inout Object<SpanNode>.Fields) {
        type.field("spanId", .nonNull(.id), description: "Its id in OpenTelemetry, in hexadecimal.") {
            $0.record.skeleton.spanID.description
        }
        type.field("parentId", .id, description: "That of the span it is part of; null for a root.") {
            $0.record.skeleton.parentID?.description
        }
        type.field("context", .nonNull(.named("SpanContext")), description: "Its and its trace's ids.") { context($0) }
        type.field("userId", .string, description: "The user of the application, by the attribute user.id.") {
            $0.record.userID
        }
    }

    private static func addModel(_ type: inout Object<SpanNode>.Fields) {
        type.field("modelName", .string, description: "The model that it called; null where it called none.") {
            $0.record.skeleton.modelName
        }
    }

    private static func addSums(_ type: inout Object<SpanNode>.Fields) {
        type.field("tokenCountPrompt", .int, description: "Tokens that it sent to a model.") {
            $0.record.skeleton.promptTokens
        }
        type.field("tokenCountCompletion", .int, description: "Tokens that a model answered it with.") {
            $0.record.skeleton.completionTokens
        }
        type.field("tokenCountTotal", .int, description: "Both together; 0 where it used none.") {
            ($0.record.skeleton.promptTokens ?? 0) + ($0.record.skeleton.completionTokens ?? 0)
        }
        type.field(
            "costSummary", .named("SpanCostSummary"), description: "What it cost; null where it used no model's tokens."
        ) { CostTypes.summary(of: $0.record) }
    }

    private static func addOwners(_ type: inout Object<SpanNode>.Fields) {
        type.batched("trace", .nonNull(.named("Trace")), description: "What it is a step of.") { spans, field in
            let ids = spans.map(\.record.traceRowID)
            let traces = try await field.context.repositories.traces.traces(ids: Array(Set(ids)))
            return ids.map { TraceTypes.trace(orMissing: traces[$0], $0) }
        }
        type.batched("project", .nonNull(.named("Project")), description: "What it belongs to.") { spans, field in
            try await ProjectTypes.projects(spans.map(\.record.projectID), field)
        }
    }

    private static let query = Roots.query.extended { type in
        type.asyncField(
            "getSpanByOtelId", .named("Span"), description: "A span by its id in OpenTelemetry, in hexadecimal.",
            arguments: [.argument("spanId", .nonNull(.string))]
        ) { _, field in
            guard let id = SpanID(hex: try field.arguments.string("spanId")) else { return OutputValue.null }
            return span(try await field.context.repositories.spans.summary(id).map(SpanNode.init))
        }
    }
}
