import GraphQL
import Storage

/// What annotations of a span's documents say together.
enum RetrievalMetricFields {
    static let part = APISchema.Part(types: [metrics, fields])

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

    /// By name. Of several annotations of a document the newest counts; those beyond the documents do not.
    static func metrics(of annotations: [AnnotationRecord], documentCount: Int) -> [RetrievalMetrics] {
        guard documentCount > 0 else { return [] }
        return Dictionary(grouping: annotations, by: \.content.name).sorted { $0.key < $1.key }.map { name, records in
            var scores = [Double](repeating: .nan, count: documentCount)
            for record in records.sorted(by: { $0.id < $1.id }) {
                let position = Int(record.documentPosition ?? 0)
                if scores.indices.contains(position) { scores[position] = record.content.score ?? .nan }
            }
            return RetrievalMetrics(name: name, scores: scores)
        }
    }

    /// JSON has no other numbers.
    private static func number(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
