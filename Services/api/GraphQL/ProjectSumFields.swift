import Domain
import GraphQL
import Storage

/// What a project's spans and traces sum up to: from its sums by time where nothing is filtered, which is instant however
/// many there are.
enum ProjectSumFields {
    static let fields = ProjectTypes.project.extended { type in
        add(&type, "recordCount", .nonNull(.int), "How many spans it has.", sessions: true) {
            .int(Int($0.spanCount))
        }
        add(&type, "traceCount", .nonNull(.int), "How many traces it has.", sessions: true) {
            .int(Int($0.traceCount))
        }
        add(&type, "errorCount", .nonNull(.int), "How many of its spans failed.", sessions: true) {
            .int(Int($0.errorCount))
        }
        add(&type, "tokenCountTotal", .nonNull(.float), "How many tokens its spans took.") {
            .float(Double($0.promptTokens + $0.completionTokens))
        }
        add(&type, "tokenCountPrompt", .nonNull(.float), "How many tokens its spans sent to models.") {
            .float(Double($0.promptTokens))
        }
        add(&type, "tokenCountCompletion", .nonNull(.float), "How many tokens models answered its spans with.") {
            .float(Double($0.completionTokens))
        }
        add(&type, "costSummary", .nonNull(.named("SpanCostSummary")), "What its spans cost.", sessions: true) {
            CostTypes.summary($0)
        }
        addQuantile(&type, "latencyMsQuantile", .trace, "What this part of its traces took at most, in milliseconds.") {
            try await $1.repositories.traces.latencyQuantile($0, $2)
        }
        addQuantile(
            &type, "spanLatencyMsQuantile", .span, "What this part of its spans took at most, in milliseconds."
        ) { try await $1.repositories.spans.latencyQuantile($0, $2) }
    }

    private static func filters(sessions: Bool) -> [SchemaInputValue] {
        [.argument("timeRange", .named("TimeRange")), .argument("filterCondition", .string)]
            + (sessions ? [.argument("sessionFilterCondition", .string)] : [])
    }

    private static func add(
        _ type: inout Object<ProjectNode>.Fields, _ name: String, _ output: WrappedType, _ description: String,
        sessions: Bool = false, _ value: @escaping @Sendable (SpanTotals) -> OutputValue
    ) {
        type.batched(name, output, description: description, arguments: filters(sessions: sessions)) {
            projects, field in
            let selection = try selection(field)
            guard selection.isFiltered else {
                let sums = try await field.context.sums.totals(
                    of: projects.map(\.id), from: selection.startTime, to: selection.endTime)
                return projects.map { value(sums[$0.id] ?? SpanTotals()) }
            }
            return try await each(projects, selection) {
                value(try await field.context.repositories.spans.totals($0))
            }
        }
    }

    private static func addQuantile(
        _ type: inout Object<ProjectNode>.Fields, _ name: String, _ subject: ProjectStatistics.Subject,
        _ description: String,
        exact: @escaping @Sendable (SpanSelection, GraphQLContext, Double) async throws -> Double?
    ) {
        type.batched(
            name, .float, description: description,
            arguments: [.argument("probability", .nonNull(.float))] + filters(sessions: true)
        ) { projects, field in
            let (selection, probability) = (try selection(field), try field.arguments.probability())
            guard selection.isFiltered else {
                let counts = try await field.context.sums.latencies(
                    subject, of: projects.map(\.id), from: selection.startTime, to: selection.endTime)
                return projects.map { project in
                    LatencyBucket.quantile(probability, counts: counts[project.id] ?? [:]).map { $0 / 1e6 }
                        .graphQLOutput
                }
            }
            return try await each(projects, selection) {
                try await exact($0, field.context, probability).graphQLOutput
            }
        }
    }

    private static func each(
        _ projects: [ProjectNode], _ selection: SpanSelection, _ value: (SpanSelection) async throws -> OutputValue
    ) async throws -> [OutputValue] {
        var values: [OutputValue] = []
        for project in projects {
            var selection = selection
            selection.projectID = project.id
            values.append(try await value(selection))
        }
        return values
    }

    private static func selection(_ field: Field) throws -> SpanSelection {
        var selection = SpanSelection(projectID: 0, limit: 0)
        let range: TimeRange? = try field.argument("timeRange")
        (selection.startTime, selection.endTime) = (range?.start, range?.end)
        selection.filter = try field.arguments.spanFilter("filterCondition")
        selection.sessionFilter = try field.arguments.sessionFilter("sessionFilterCondition")
        return selection
    }
}

extension SpanSelection {
    fileprivate var isFiltered: Bool { filter != nil || sessionFilter != nil }
}
