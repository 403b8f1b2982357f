import Domain
import GraphQL
import Storage

/// A project's spans and traces.
enum ProjectSpanFields {
    static var types: [any TypeDeclaration] { [column, annotationAttribute, annotationKey, sort] }

    private enum Column: String, GraphQLEnum, Hashable {
        case startTime, endTime, latencyMs, tokenCountTotal, tokenCountPrompt, tokenCountCompletion
        case cumulativeTokenCountTotal, cumulativeTokenCountPrompt, cumulativeTokenCountCompletion
        case cumulativeTokenCostTotal, tokenCostTotal

        var key: SpanSelection.Sort {
            switch self {
            case .startTime: .startTime
            case .endTime: .endTime
            case .latencyMs: .latency
            case .tokenCountTotal: .tokens(.total)
            case .tokenCountPrompt: .tokens(.prompt)
            case .tokenCountCompletion: .tokens(.completion)
            case .cumulativeTokenCountTotal: .cumulativeTokens(.total)
            case .cumulativeTokenCountPrompt: .cumulativeTokens(.prompt)
            case .cumulativeTokenCountCompletion: .cumulativeTokens(.completion)
            case .cumulativeTokenCostTotal: .cumulativeCost
            case .tokenCostTotal: .cost
            }
        }
    }

    private static let column = EnumType("SpanColumn", Column.self, description: "What spans can be sorted by.")

    private static let annotationAttribute = EnumType(
        "EvalAttr", description: "What of an annotation is sorted by.",
        values: ["score", "label"].map { SchemaEnumValue(name: $0) })

    private static let annotationKey = InputObjectType(
        "EvalResultKey", description: "An annotation to sort by.",
        fields: [
            .argument("name", .nonNull(.string), description: "The annotation's."),
            .argument("attr", .nonNull(.named("EvalAttr")), description: "What of it."),
        ])

    private static let sort = InputObjectType(
        "SpanSort", description: "An order of spans, by a column or by an annotation.",
        fields: [
            .argument("col", .named("SpanColumn")), .argument("evalResultKey", .named("EvalResultKey")),
            .argument("dir", .nonNull(.named("SortDir"))),
        ])

    private struct Sort: InputObjectDecodable {
        var key: SpanSelection.Sort
        var descending: Bool

        init(fields: Arguments) throws {
            let column: Column? = try fields.value("col")
            let annotation: AnnotationKey? = try fields.value("evalResultKey")
            descending = try fields.value("dir", as: CoreTypes.SortDirection.self) == .desc
            switch (column, annotation) {
            case (let column?, nil): key = column.key
            case (nil, let annotation?):
                key = annotation.isScore ? .annotationScore(annotation.name) : .annotationLabel(annotation.name)
            default: throw ExpectedError("sort: give either col or evalResultKey")
            }
        }
    }

    static let fields = ProjectTypes.project.extended { type in
        type.asyncField(
            "spans", .nonNull(.named("SpanConnection")), description: "Its spans, the newest first.",
            arguments: PageArguments.declared(first: nil) + [
                .argument("timeRange", .named("TimeRange")), .argument("sort", .named("SpanSort")),
                .argument("rootSpansOnly", .boolean), .argument("filterCondition", .string),
                .argument("traceFilterCondition", .string),
                .argument("orphanSpanAsRootSpan", .boolean, default: .boolean(true)),
            ]
        ) { project, field in
            let page = try PageArguments(field.arguments, isFirstNeeded: true)
            let spans = try await field.context.repositories.spans.summaries(selection(project, page, field))
            try field.spend(rows: spans.count)
            return SpanTypes.spans(Page(spans: spans, page))
        }
        type.asyncField(
            "trace", .named("Trace"), description: "One of its traces by its id in OpenTelemetry, in hexadecimal.",
            arguments: [.argument("traceId", .nonNull(.id))]
        ) { project, field in
            let trace = try await TraceTypes.find(try field.arguments.string("traceId"), field)
            return TraceTypes.trace(trace.flatMap { $0.record.projectID == project.id ? $0 : nil })
        }
    }

    private static func selection(
        _ project: ProjectNode, _ page: PageArguments, _ field: Field
    ) throws -> SpanSelection {
        var selection = try SpanSelection(projectID: project.id, page)
        let range: TimeRange? = try field.argument("timeRange")
        (selection.startTime, selection.endTime) = (range?.start, range?.end)
        selection.filter = try field.arguments.spanFilter("filterCondition")
        selection.traceFilter = try field.arguments.traceFilter("traceFilterCondition")
        selection.roots = try field.arguments.roots()
        if let sort: Sort = try field.argument("sort") {
            selection.sort = sort.key
            selection.descending = sort.descending
        }
        return selection
    }
}
