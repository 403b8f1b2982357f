import GraphQL
import Storage

/// What annotations of a span's documents say together.
enum RetrievalMetricFields {
    static let part = APISchema.Part(types: [metrics, fields, summary, projectFields])

    private static let metrics: Object<RetrievalMetrics> = ObjectType(
        "DocumentRetrievalMetrics",
        description: "How well documents were found, by their scores. Null where a score that is needed is missing."
    ) { type in
        let count = SchemaInputValue.argument("k", .int, description: "Only the first so many documents.")
        type.field("evaluationName", .nonNull(.string), description: "What the annotations are called.") { $0.name }
        type.field(
            "ndcg", .float, description: "How near their order is to the best one, of 1.", arguments: [count]
        ) { metrics, field in
            number(metrics.ndcg(try field.argument("k")))
        }
        type.field("precision", .float, description: "How many are relevant, of 1.", arguments: [count]) {
            metrics, field in
            number(metrics.precision(try field.argument("k")))
        }
        type.field("reciprocalRank", .float, description: "1 divided by the place of the first relevant one.") {
            number($0.reciprocalRank)
        }
        type.field("hit", .float, description: "1 if any is relevant, else 0.") { number($0.hit) }
    }

    private static let fields = SpanTypes.span.extended { type in
        type.batched(
            "documentRetrievalMetrics", .listOf(.named("DocumentRetrievalMetrics")),
            description: "How well it found documents, by each name of annotations on them.",
            arguments: [.argument("evaluationName", .string, description: "Only this name.")]
        ) { spans, field in
            let repositories = field.context.repositories
            let name = try field.arguments.optionalString("evaluationName")
            let filter = name.map { AnnotationFilter(include: .init(names: [$0])) } ?? AnnotationFilter()
            let found = try await repositories.annotations(.document).annotations(
                of: spans.map(\.id), matching: filter)
            let annotated = spans.map(\.id).filter { found[$0] != nil }
            let attributes = try await field.context.attributes.values(of: annotated) {
                try await repositories.spans.attributes(of: $0)
            }
            return spans.map { span in
                let count = attributes[span.id].flatMap(SpanBodyFields.documentCount) ?? 0
                return metrics(Self.metrics(of: found[span.id] ?? [], documentCount: count))
            }
        }
    }

    /// By name; nothing for a span without documents.
    private static func metrics(of annotations: [AnnotationRecord], documentCount: Int) -> [RetrievalMetrics] {
        guard documentCount > 0 else { return [] }
        return Dictionary(grouping: annotations, by: \.content.name).sorted { $0.key < $1.key }.map { name, records in
            let scores = records.sorted { $0.id < $1.id }.map {
                DocumentScore(position: $0.documentPosition ?? 0, score: $0.content.score)
            }
            return RetrievalMetrics(name: name, scores, documentCount: documentCount)
        }
    }

    private static let summary: Object<RetrievalSummary> = ObjectType(
        "DocumentEvaluationSummary",
        description: "How well spans found documents, on average over those of which that can be told."
    ) { type in
        let count = SchemaInputValue.argument("k", .int, description: "Only the first so many documents of each span.")
        func add(
            _ average: String, _ number: String, _ what: String, _ arguments: [SchemaInputValue] = [],
            _ metric: @escaping @Sendable (RetrievalMetrics, _ k: Int?) -> Double
        ) {
            let takesCount = !arguments.isEmpty
            @Sendable func mean(_ summary: RetrievalSummary, _ field: Field) throws -> (mean: Double?, count: Int) {
                let k: Int? = takesCount ? try field.argument("k") : nil
                return summary.mean { metric($0, k) }
            }
            type.field(average, .float, description: "The mean of \(what); null without any.", arguments: arguments) {
                try mean($0, $1).mean
            }
            type.field(
                number, .nonNull(.int), description: "How many spans have \(what).", arguments: arguments
            ) { try mean($0, $1).count }
        }
        type.field("evaluationName", .nonNull(.string), description: "What the annotations are called.") { $0.name }
        add("averageNdcg", "countNdcg", "the normalised gain", [count]) { $0.ndcg($1) }
        add("averagePrecision", "countPrecision", "the precision", [count]) { $0.precision($1) }
        add("meanReciprocalRank", "countReciprocalRank", "the reciprocal rank") { metrics, _ in metrics.reciprocalRank }
        add("hitRate", "countHit", "a hit or none") { metrics, _ in metrics.hit }
    }

    private static let projectFields = ProjectTypes.project.extended { type in
        type.asyncField(
            "documentEvaluationSummary", .named("DocumentEvaluationSummary"),
            description: "How well its spans found documents by annotations of a name; null without any.",
            arguments: [
                .argument("evaluationName", .nonNull(.string)), .argument("timeRange", .named("TimeRange")),
                .argument("filterCondition", .string, description: "On the spans."),
            ]
        ) { project, field in
            var scope = AnnotationScope(projectID: project.id)
            scope.name = try field.arguments.string("evaluationName")
            let range: TimeRange? = try field.argument("timeRange")
            (scope.startTime, scope.endTime) = (range?.start, range?.end)
            scope.spanFilter = try field.arguments.spanFilter("filterCondition")
            return summary(try await summary(scope, name: scope.name ?? "", field.context.repositories))
        }
    }

    // Attributes may be large; only the number of documents is kept of each span's.
    private static let spansAtOnce = 100

    private static func summary(
        _ scope: AnnotationScope, name: String, _ repositories: Repositories
    ) async throws -> RetrievalSummary? {
        let scores = try await repositories.annotations(.document).documentScores(scope)
        let spans = scores.keys.sorted()
        var metrics: [RetrievalMetrics] = []
        for start in stride(from: 0, to: spans.count, by: spansAtOnce) {
            let attributes = try await repositories.spans.attributes(of: Array(spans[start...].prefix(spansAtOnce)))
            for (span, attributes) in attributes {
                guard let count = SpanBodyFields.documentCount(attributes), count > 0 else { continue }
                metrics.append(RetrievalMetrics(name: name, scores[span] ?? [], documentCount: count))
            }
        }
        return metrics.isEmpty ? nil : RetrievalSummary(name: name, metrics: metrics)
    }

    /// JSON has no other numbers.
    private static func number(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
