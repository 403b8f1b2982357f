import GraphQL
import Storage

/// What many annotations of one name say together: of a span, a trace or a session.
enum AnnotationSummaryTypes {
    static let part = APISchema.Part(types: [fraction, summary, spanFields, traceFields, sessionFields])

    private static let fraction: Object<AnnotationSummary.Label> = ObjectType(
        "LabelFraction", description: "How often a label is given."
    ) { type in
        type.field("label", .nonNull(.string), description: "The label.") { $0.label }
        type.field("fraction", .nonNull(.float), description: "Its part of what is said, from 0 to 1.") { $0.fraction }
    }

    static let summary: Object<AnnotationSummary> = ObjectType(
        "AnnotationSummary", description: "What annotations of one name say together."
    ) { type in
        type.field("name", .nonNull(.string), description: "Their name.") { $0.name }
        type.field("count", .nonNull(.int), description: "How many there are.") { $0.count }
        type.field("labels", .nonNull(.list(.nonNull(.string))), description: "The labels that are given, once each.") {
            $0.labels.map { $0.label }
        }
        type.field("labelFractions", .listOf(.named("LabelFraction")), description: "How often each is given.") {
            fraction($0.labels)
        }
        type.field("meanScore", .float, description: "The mean score; null without any.") { $0.meanScore }
        type.field("scoreCount", .nonNull(.int), description: "How many have a score.") { $0.scoreCount }
        type.field("labelCount", .nonNull(.int), description: "How many have a label.") { $0.labelCount }
    }

    private static let spanFields = SpanTypes.span.extended { type in
        add("spanAnnotationSummaries", .span, to: &type) { $0.id }
    }

    private static let traceFields = TraceTypes.trace.extended { type in
        add("traceAnnotationSummaries", .trace, to: &type) { $0.id }
    }

    private static let sessionFields = SessionTypes.session.extended { type in
        add("sessionAnnotationSummaries", .session, to: &type) { $0.id }
    }

    private static func add<Node: Sendable>(
        _ name: String, _ subject: AnnotationSubject, to type: inout Object<Node>.Fields,
        _ id: @escaping @Sendable (Node) -> Int64
    ) {
        type.batched(
            name, .listOf(.named("AnnotationSummary")), description: "Its annotations, those of a name together.",
            arguments: [.argument("filter", .named("AnnotationFilter"), default: .null)]
        ) { nodes, field in
            let wanted: AnnotationTypes.Filter? = try field.argument("filter")
            let found = try await field.context.repositories.annotations(subject).summaries(
                of: nodes.map(id), matching: wanted?.filter ?? AnnotationFilter())
            return nodes.map { node in
                summary((found[id(node)] ?? []).filter { $0.name != AnnotationContent.noteName })
            }
        }
    }
}
