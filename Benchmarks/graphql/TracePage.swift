import GraphQL

/// A schema like that of a trace's page, over data in memory.
enum TracePage {
    struct Project: Sendable {
        var id: String
        var name: String
    }

    struct Span: Sendable {
        var number: Int
        var id: String { "U3BhbjoxMjM\(number)" }
        var spanID: String { "f00dfacecafe\(number)" }
        var parentID: String? { number == 0 ? nil : "f00dfacecafe\((number - 1) / 4)" }
        var startTime: String { "2026-11-23T22:\(10 + number % 50):07.123456+00:00" }
        var tokens: Int { number % 900 }
        var text: String {
            "Question \(number): what is \"tracing\" good for, and what does it cost?\nAnswer in one sentence."
        }
    }

    struct Text: Sendable {
        var value: String
        var mimeType: String
    }

    struct Annotation: Sendable {
        var id: String
        var label: String
        var score: Double
    }

    /// Which cost of a span or trace; a number of tokens stands for all there is to know.
    struct Costs: Sendable {
        var tokens: Int
    }

    /// The size of the trace.
    typealias Context = Int

    static let project: ObjectType<Project, Context> = ObjectType("Project", implements: ["Node"]) { type in
        type.field("id", .nonNull(.id)) { $0.id }
        type.field("name", .nonNull(.string)) { $0.name }
        type.batched("trace", .type(trace), arguments: [.argument("traceId", .nonNull(.id))]) {
            (projects: [Project], field: FieldContext<Context>) in
            projects.map { _ in trace(Trace(spanCount: field.context)) }
        }
    }

    struct Trace: Sendable {
        var spanCount: Int
    }

    static let trace: ObjectType<Trace, Context> = ObjectType("Trace", implements: ["Node"]) { type in
        type.field("id", .nonNull(.id)) { _ in "VHJhY2U6MQ==" }
        type.field("traceId", .nonNull(.id)) { _ in "f00dfacecafebeeff00dfacecafebeef" }
        type.field("startTime", .nonNull(.named("DateTime"))) { _ in "2026-11-23T22:10:07.123456+00:00" }
        type.field("endTime", .nonNull(.named("DateTime"))) { _ in "2026-11-23T22:10:09.123456+00:00" }
        type.field("latencyMs", .float) { _ in 2000.25 }
        type.batched("costSummary", .nonNull(.type(costSummary))) { (traces: [Trace], _: FieldContext<Context>) in
            traces.map { costSummary(Costs(tokens: $0.spanCount)) }
        }
        type.batched("spans", .nonNull(.type(connection)), arguments: [.argument("first", .int, default: 50)]) {
            (traces: [Trace], field: FieldContext<Context>) in
            let first: Int = try field.argument("first")
            return traces.map { connection(Page(count: min(first, $0.spanCount), hasMore: first < $0.spanCount)) }
        }
    }

    struct Page: Sendable {
        var count: Int
        var hasMore: Bool
    }

    static let connection: ObjectType<Page, Context> = ObjectType("SpanConnection") { type in
        type.field("edges", .listOf(.type(edge))) { page in edge((0..<page.count).map { Span(number: $0) }) }
        type.field("pageInfo", .nonNull(.type(pageInfo))) { page in pageInfo(page) }
    }

    static let edge: ObjectType<Span, Context> = ObjectType("SpanEdge") { type in
        type.field("cursor", .nonNull(.string)) { "Y3Vyc29y\($0.number)" }
        type.field("node", .nonNull(.type(span))) { span($0) }
    }

    static let pageInfo: ObjectType<Page, Context> = ObjectType("PageInfo") { type in
        type.field("hasNextPage", .nonNull(.boolean)) { $0.hasMore }
        type.field("endCursor", .string) { $0.count == 0 ? nil : "Y3Vyc29y\($0.count - 1)" }
    }

    static let span: ObjectType<Span, Context> = ObjectType("Span", implements: ["Node"]) { type in
        type.field("id", .nonNull(.id)) { $0.id }
        type.field("spanId", .nonNull(.id)) { $0.spanID }
        type.field("parentId", .id) { $0.parentID }
        type.field("name", .nonNull(.string)) { "ChatCompletion \($0.number)" }
        type.field("spanKind", .nonNull(.named("SpanKind"))) { $0.number % 3 == 0 ? "chain" : "llm" }
        type.field("statusCode", .nonNull(.named("SpanStatusCode"))) { _ in "OK" }
        type.field("startTime", .nonNull(.named("DateTime"))) { $0.startTime }
        type.field("latencyMs", .float) { Double($0.number) + 0.5 }
        type.field("tokenCountTotal", .int) { $0.tokens }
        type.field("cumulativeTokenCountTotal", .int) { $0.tokens * 2 }
        type.batched("input", .type(text)) { (spans: [Span], _: FieldContext<Context>) in
            spans.map { text(Text(value: $0.text, mimeType: "text")) }
        }
        type.batched("output", .type(text)) { (spans: [Span], _: FieldContext<Context>) in
            spans.map { text(Text(value: $0.text, mimeType: "json")) }
        }
        type.batched("costSummary", .type(costSummary)) { (spans: [Span], _: FieldContext<Context>) in
            spans.map { costSummary(Costs(tokens: $0.tokens)) }
        }
        type.batched("spanAnnotations", .listOf(.type(annotation))) { (spans: [Span], _: FieldContext<Context>) in
            spans.map { span in
                annotation((0..<2).map { Annotation(id: "U3BhbkFubm\(span.number)\($0)", label: "good", score: 0.75) })
            }
        }
        type.field("events", .listOf(.type(event))) { _ in event([]) }
    }

    static let event: ObjectType<Int, Context> = ObjectType("SpanEvent") { type in
        type.field("name", .nonNull(.string)) { _ in "event" }
        type.field("message", .nonNull(.string)) { _ in "" }
        type.field("timestamp", .nonNull(.named("DateTime"))) { _ in "" }
    }

    static let text: ObjectType<Text, Context> = ObjectType("SpanIOValue") { type in
        type.field("value", .nonNull(.string)) { $0.value }
        type.field("mimeType", .nonNull(.named("MimeType"))) { $0.mimeType }
    }

    static let annotation: ObjectType<Annotation, Context> = ObjectType("SpanAnnotation", implements: ["Node"]) {
        type in
        type.field("id", .nonNull(.id)) { $0.id }
        type.field("name", .nonNull(.string)) { _ in "relevance" }
        type.field("label", .string) { $0.label }
        type.field("score", .float) { $0.score }
        type.field("annotatorKind", .nonNull(.named("AnnotatorKind"))) { _ in "LLM" }
    }

    static let costSummary: ObjectType<Costs, Context> = ObjectType("SpanCostSummary") { type in
        type.field("total", .nonNull(.type(cost))) { cost($0) }
        type.field("prompt", .nonNull(.type(cost))) { cost($0) }
        type.field("completion", .nonNull(.type(cost))) { cost($0) }
    }

    static let cost: ObjectType<Costs, Context> = ObjectType("CostBreakdown") { type in
        type.field("cost", .float) { Double($0.tokens) * 0.125 }
        type.field("tokens", .float) { Double($0.tokens) }
    }

    static func schema() throws(SchemaError) -> ExecutableSchema<Context> {
        let query = RootType<Context>("Query") { type in
            type.asyncField("node", .nonNull(.named("Node")), arguments: [.argument("id", .nonNull(.id))]) { _, field in
                project(Project(id: try field.argument("id"), name: "default"))
            }
        }
        return try ExecutableSchema(
            query: query,
            types: [
                project, trace, connection, edge, pageInfo, span, event, text, annotation, costSummary, cost,
                InterfaceType("Node", fields: [.field("id", .nonNull(.id))]), ScalarType("DateTime"),
                EnumType("SpanKind", values: ["chain", "tool", "llm", "agent"].map { SchemaEnumValue(name: $0) }),
                EnumType("SpanStatusCode", values: ["OK", "ERROR", "UNSET"].map { SchemaEnumValue(name: $0) }),
                EnumType("MimeType", values: ["text", "json"].map { SchemaEnumValue(name: $0) }),
                EnumType("AnnotatorKind", values: ["LLM", "HUMAN", "CODE"].map { SchemaEnumValue(name: $0) }),
            ])
    }
}
