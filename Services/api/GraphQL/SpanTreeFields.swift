import GraphQL
import Storage

/// What a span is with all the spans below it.
enum SpanTreeFields {
    static let fields = SpanTypes.span.extended { type in
        add(&type, "cumulativeTokenCountTotal", .float, "Tokens of it and all below it.") {
            .float(Double($1.promptTokens + $1.completionTokens))
        }
        add(&type, "cumulativeTokenCountPrompt", .float, "Tokens that it and all below it sent to models.") {
            .float(Double($1.promptTokens))
        }
        add(&type, "cumulativeTokenCountCompletion", .float, "Tokens that models answered it and all below it with.") {
            .float(Double($1.completionTokens))
        }
        add(
            &type, "propagatedStatusCode", .nonNull(.named("SpanStatusCode")),
            "ERROR where it or any below it failed, otherwise OK."
        ) { .string($1.errorCount > 0 ? "ERROR" : "OK") }
        add(&type, "numChildSpans", .nonNull(.int), "How many spans are right below it.") { .int($1.children.count) }
        addDescendants(&type)
    }

    private static func add(
        _ type: inout Object<SpanNode>.Fields, _ name: String, _ output: WrappedType, _ description: String,
        _ value: @escaping @Sendable (SpanNode, SpanTree.Subtree) -> OutputValue
    ) {
        type.batched(name, output, description: description) { spans, field in
            let trees = try await trees(of: spans, field)
            return spans.map { value($0, trees[$0.record.traceRowID]?[$0.id] ?? SpanTree.Subtree()) }
        }
    }

    private static func addDescendants(_ type: inout Object<SpanNode>.Fields) {
        type.batched(
            "descendants", .nonNull(.named("SpanConnection")), description: "The spans below it, level by level.",
            arguments: [
                .argument(
                    "maxDepth", .int, default: .int(3), description: "How many levels; 0 or null is all of them.")
            ] + PageArguments.declared()
        ) { spans, field in
            let arguments = try PageArguments(field.arguments)
            let depth = try field.arguments.optionalInt("maxDepth").flatMap { $0 > 0 ? $0 : nil }
            let trees = try await trees(of: spans, field)
            let pages = try spans.map { span in
                try Page(
                    of: trees[span.record.traceRowID]?.descendants(of: span.id, depth: depth) ?? [], arguments)
            }
            try field.spend(rows: pages.reduce(0) { $0 + $1.items.count })
            let found = try await field.context.repositories.spans.summaries(ids: pages.flatMap(\.items))
            return pages.map { page in
                SpanTypes.spans(page.compactMap { found[$0].map(SpanNode.init) })
            }
        }
    }

    private static func trees(of spans: [SpanNode], _ field: Field) async throws -> [Int64: SpanTree] {
        let repository = field.context.repositories.spans
        return try await field.context.trees.values(of: spans.map(\.record.traceRowID)) {
            try await repository.trees(ofTraces: $0)
        }
    }
}
