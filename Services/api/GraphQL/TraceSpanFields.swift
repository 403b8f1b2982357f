import Domain
import GraphQL
import Storage

/// A trace's spans.
enum TraceSpanFields {
    static let fields = TraceTypes.trace.extended { type in
        type.batched(
            "rootSpan", .named("Span"),
            description: "Its first span without a parent, or else the first of those whose parents have not come."
        ) { traces, field in
            let roots = try await field.context.repositories.spans.rootSummaries(ofTraces: traces.map(\.id))
            return traces.map { SpanTypes.span(roots[$0.id].map(SpanNode.init)) }
        }
        type.batched(
            "spans", .nonNull(.named("SpanConnection")), description: "Its spans in order of time.",
            arguments: PageArguments.declared(first: nil) + [
                .argument("rootSpansOnly", .boolean),
                .argument("orphanSpanAsRootSpan", .boolean, default: .boolean(true)),
                .argument("filterCondition", .string),
            ]
        ) { traces, field in
            let page = try PageArguments(field.arguments, isFirstNeeded: true)
            let selection = try selection(page, field)
            guard selection.isWhole else { return try await pages(of: traces, selection, page, field) }
            try field.spend(rows: traces.reduce(0) { $0 + min($1.record.spanCount, Int64(page.limit)) })
            let spans = try await field.context.repositories.spans.summaries(
                ofTraces: traces.map(\.id), firstOfEach: selection.limit)
            return traces.map { SpanTypes.spans(Page(spans: spans[$0.id] ?? [], page)) }
        }
    }

    /// One statement a trace: with conditions, or behind a cursor, which is one trace's.
    private static func pages(
        of traces: [TraceNode], _ selection: SpanSelection, _ page: PageArguments, _ field: Field
    ) async throws -> [OutputValue] {
        var pages: [OutputValue] = []
        for trace in traces {
            var selection = selection
            selection.projectID = trace.record.projectID
            selection.traceRowID = trace.id
            let spans = try await field.context.repositories.spans.summaries(selection)
            try field.spend(rows: spans.count)
            pages.append(SpanTypes.spans(Page(spans: spans, page)))
        }
        return pages
    }

    private static func selection(_ page: PageArguments, _ field: Field) throws -> SpanSelection {
        var selection = try SpanSelection(projectID: 0, page)
        selection.descending = false
        selection.filter = try field.arguments.spanFilter("filterCondition")
        selection.roots = try field.arguments.roots()
        return selection
    }
}

extension SpanSelection {
    /// Nothing is left out, and the page begins with the first span.
    fileprivate var isWhole: Bool { filter == nil && roots == nil && after == nil && before == nil }

    /// A page, and one span more, which says whether there is another.
    init(projectID: Int64, _ page: PageArguments) throws {
        self.init(projectID: projectID, limit: page.limit + 1)
        after = try page.rowID(of: "Span")
        before = try page.rowIDBefore(of: "Span")
    }
}

extension Page<SpanNode> {
    /// Of the spans that a selection by the same arguments has brought.
    init(spans: [SpanSummary], _ arguments: PageArguments) {
        self.init(spans.map(SpanNode.init), arguments) { GlobalID("Span", $0.id).description }
    }
}

extension Arguments {
    func roots() throws -> SpanSelection.Roots? {
        guard try optionalBool("rootSpansOnly") == true else { return nil }
        return try optionalBool("orphanSpanAsRootSpan") == true ? .withoutReceivedParent : .withoutParent
    }
}
