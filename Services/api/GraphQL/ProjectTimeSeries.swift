import Domain
import GraphQL
import Storage

/// A project's numbers over time. A step without anything has nulls, where numbers may be null.
enum ProjectTimeSeries {
    static let part = APISchema.Part(
        types: [scale, config, series, fields] + spanCounts.types + traceCounts.types + statuses.types
            + latencies.types + tokens.types + costs.types + [tokenDetails])

    private static let scale = EnumType("TimeBinScale", TimeBins.Scale.self, description: "How long steps are.")

    private static let config = InputObjectType(
        "TimeBinConfig", description: "The steps of a time series.",
        fields: [
            .argument("scale", .nonNull(.named("TimeBinScale")), default: .enumValue("HOUR")),
            .argument(
                "utcOffsetMinutes", .nonNull(.int), default: .int(0),
                description: "How far the clock that days begin by is ahead of UTC."),
        ])

    private static let series = InterfaceType(
        "TimeSeries", description: "One number over time.",
        fields: [.field("data", .nonNull(.list(.nonNull(.named("TimeSeriesDataPoint")))), description: "Its steps.")])

    private static let point = SeriesTypes<Double?>.point("TimeSeriesDataPoint") { type in
        type.field("value", .float, description: "The number.") { $0.value }
    }

    private static let traceCounts = SeriesTypes("TraceCountTimeSeries", implements: ["TimeSeries"], of: point)

    private static let spanCounts = SeriesTypes<StatusCounts>("SpanCountTimeSeries", "SpanCountTimeSeriesDataPoint") {
        type in
        type.field("okCount", .int, description: "Spans that ended well.") { $0.value.orNil?.ok }
        type.field("errorCount", .int, description: "Spans that failed.") { $0.value.orNil?.error }
        type.field("unsetCount", .int, description: "Spans that did not say how they ended.") { $0.value.orNil?.unset }
        type.field("totalCount", .int, description: "All spans.") { $0.value.orNil?.total }
    }

    private static let statuses = SeriesTypes<StatusCounts>(
        "TraceCountByStatusTimeSeries", "TraceCountByStatusTimeSeriesDataPoint"
    ) { type in
        type.field("okCount", .nonNull(.int), description: "Traces without a failed span.") { $0.value.ok }
        type.field("errorCount", .nonNull(.int), description: "Traces with a failed span.") { $0.value.error }
        type.field("totalCount", .nonNull(.int), description: "All traces.") { $0.value.total }
    }

    private static let latencies = SeriesTypes<[Int64: Int64]>(
        "TraceLatencyPercentileTimeSeries", "TraceLatencyMsPercentileTimeSeriesDataPoint"
    ) { type in
        for (name, probability) in [
            ("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999), ("max", 1),
        ] {
            type.field(name, .float, description: "What this part of traces took at most, in milliseconds.") { point in
                LatencyBucket.quantile(probability, counts: point.value).map { $0 / 1e6 }
            }
        }
    }

    private struct Tokens: Sendable {
        var totals = SpanTotals()
        /// Of spans whose model has a price: no others are told apart by type.
        var charges: [TokenCharge] = []

        static func += (left: inout Tokens, right: Tokens) {
            left.totals += right.totals
            left.charges += right.charges
        }

        /// By type, in the order of their names.
        func details(isPrompt: Bool) -> [(tokenType: String, tokens: Int64)] {
            let charges = charges.filter { $0.isPrompt == isPrompt }
            return Dictionary(grouping: charges, by: \.tokenType)
                .map { (tokenType: $0.key, tokens: $0.value.reduce(0) { $0 + $1.tokens }) }
                .sorted { $0.tokenType.utf8.lexicographicallyPrecedes($1.tokenType.utf8) }
        }
    }

    private static let tokens = SeriesTypes<Tokens>(
        "TraceTokenCountTimeSeries", "TraceTokenCountTimeSeriesDataPoint"
    ) { type in
        type.field("promptTokenCount", .float, description: "Tokens sent to models.") {
            $0.value.totals.tokens?.prompt
        }
        type.field("completionTokenCount", .float, description: "Tokens that models answered.") {
            $0.value.totals.tokens?.completion
        }
        type.field("totalTokenCount", .float, description: "Both together.") {
            $0.value.totals.tokens?.total
        }
        for (name, isPrompt, what) in [
            ("promptTokenCountDetails", true, "sent to models"),
            ("completionTokenCountDetails", false, "that models answered"),
        ] {
            type.field(
                name, .listOf(.named(tokenDetails.name)),
                description: "Tokens \(what), by type, of models that have a price."
            ) { tokenDetails($0.value.details(isPrompt: isPrompt)) }
        }
    }

    private static let tokenDetails: Object<(tokenType: String, tokens: Int64)> = ObjectType(
        "TraceTokenCountDetailsTimeSeriesEntry", description: "Tokens of one type."
    ) { type in
        type.field("tokenType", .nonNull(.string), description: "The type.") { $0.tokenType }
        type.field("tokenCount", .float, description: "How many.") { Double($0.tokens) }
    }

    private static let costs = SeriesTypes<SpanTotals>(
        "TraceTokenCostTimeSeries", "TraceTokenCostTimeSeriesDataPoint"
    ) { type in
        type.field("promptCost", .float, description: "Of tokens sent to models, in dollars.") {
            $0.value.costs?.prompt
        }
        type.field("completionCost", .float, description: "Of tokens that models answered, in dollars.") {
            $0.value.costs?.completion
        }
        type.field("totalCost", .float, description: "Both together.") { $0.value.costs?.total }
    }

    private static let arguments: [SchemaInputValue] = [
        .argument("timeRange", .nonNull(.named("TimeRange"))), .argument("timeBinConfig", .named("TimeBinConfig")),
    ]

    private static let fields = ProjectTypes.project.extended { type in
        type.batched(
            "spanCountTimeSeries", .nonNull(.named("SpanCountTimeSeries")), description: "How many spans began when.",
            arguments: arguments + [.argument("filterCondition", .string)]
        ) { projects, field in
            try await spanCounts(projects, SeriesRequest(field), field)
        }
        addSums(&type, "traceCountTimeSeries", "How many traces began when.", traceCounts) {
            $0.traceCount == 0 ? nil : Double($0.traceCount)
        }
        type.batched(
            "traceTokenCountTimeSeries", .nonNull(.named(tokens.name)),
            description: "How many tokens were used when.", arguments: arguments
        ) { projects, field in
            try await tokenCounts(projects, SeriesRequest(field), field)
        }
        addSums(&type, "traceTokenCostTimeSeries", "What was spent when.", costs) { $0 }
        type.asyncField(
            "traceCountByStatusTimeSeries", .nonNull(.named("TraceCountByStatusTimeSeries")),
            description: "How many traces began when, and failed.", arguments: arguments
        ) { project, field in
            let request = try SeriesRequest(field)
            let counts = try await field.context.repositories.statistics.traceStatuses(
                projectID: project.id, request.range, width: request.bins.width)
            return statuses(request.points(counts.map { ($0.time, $0.1) }, StatusCounts()) { $0 += $1 })
        }
        type.asyncField(
            "traceLatencyMsPercentileTimeSeries", .nonNull(.named("TraceLatencyPercentileTimeSeries")),
            description: "How long traces took when.", arguments: arguments
        ) { project, field in
            let request = try SeriesRequest(field)
            let counts = try await field.context.repositories.statistics.latencyBuckets(
                .trace, projectID: project.id, request.range, width: request.bins.width)
            return latencies(
                request.points(counts.map { ($0.time, [$0.latency: $0.count]) }, [:]) {
                    $0.merge($1, uniquingKeysWith: +)
                })
        }
    }

    private static func addSums<Value: Sendable>(
        _ type: inout Object<ProjectNode>.Fields, _ name: String, _ description: String, _ series: SeriesTypes<Value>,
        _ value: @escaping @Sendable (SpanTotals) -> Value
    ) {
        type.batched(name, .nonNull(.named(series.name)), description: description, arguments: arguments) {
            projects, field in
            try await sums(projects, SeriesRequest(field), field).map { points in
                series(points.map { SeriesPoint(time: $0.time, value: value($0.value)) })
            }
        }
    }

    /// From rollups, of each project.
    private static func sums(
        _ projects: [ProjectNode], _ request: SeriesRequest, _ field: Field
    ) async throws -> [[SeriesPoint<SpanTotals>]] {
        let buckets = try await field.context.sums.buckets(
            of: projects.map(\.id), request.range, width: request.bins.width)
        return projects.map { project in
            request.points((buckets[project.id] ?? []).map { ($0.time, $0.totals) }, SpanTotals()) { $0 += $1 }
        }
    }

    /// From rollups; types of tokens only if they are asked for.
    private static func tokenCounts(
        _ projects: [ProjectNode], _ request: SeriesRequest, _ field: Field
    ) async throws -> [OutputValue] {
        let hasDetails =
            field.selects("data", "promptTokenCountDetails") || field.selects("data", "completionTokenCountDetails")
        var series: [OutputValue] = []
        for (project, points) in zip(projects, try await sums(projects, request, field)) {
            var parts = points.map { ($0.time, Tokens(totals: $0.value)) }
            if hasDetails {
                let bins = request.bins
                parts += try await field.context.repositories.modelUsage.charges(
                    projectID: project.id, request.range
                ) { hour in
                    bins.start(of: hour) == bins.start(of: hour + 3599)
                }.map { ($0.time, Tokens(charges: [$0.charge])) }
            }
            series.append(tokens(request.points(parts, Tokens()) { $0 += $1 }))
        }
        return series
    }

    /// From rollups, unless that is asked which only spans themselves tell.
    private static func spanCounts(
        _ projects: [ProjectNode], _ request: SeriesRequest, _ field: Field
    ) async throws -> [OutputValue] {
        let filter = try field.arguments.spanFilter("filterCondition")
        let isByStatus = field.selects("data", "okCount") || field.selects("data", "unsetCount")
        guard filter != nil || isByStatus else {
            return try await sums(projects, request, field).map { points in
                spanCounts(points.map { SeriesPoint(time: $0.time, value: StatusCounts(failedOrNot: $0.value)) })
            }
        }
        var series: [OutputValue] = []
        for project in projects {
            var selection = SpanSelection(projectID: project.id, limit: 0)
            (selection.startTime, selection.endTime) = (request.range.lowerBound, request.range.upperBound)
            selection.filter = filter
            let counts = try await field.context.repositories.statistics.spanStatuses(
                selection, width: request.bins.width)
            series.append(spanCounts(request.points(counts.map { ($0.time, $0.1) }, StatusCounts()) { $0 += $1 }))
        }
        return series
    }
}

/// One step of a time series.
struct SeriesPoint<Value: Sendable>: Sendable {
    /// Seconds since 1970.
    var time: Int64
    var value: Value
}

/// Which stretch of time a series is of, in which steps; none where it ends before it starts.
struct SeriesRequest {
    let range: Range<Int64>
    let bins: TimeBins

    init(_ field: Field) throws {
        let asked: TimeRange = try field.argument("timeRange")
        guard let start = asked.start else { throw ExpectedError("timeRange: a start is needed") }
        let end = asked.end ?? field.context.now
        let config: TimeBinConfig = try field.argument("timeBinConfig", as: TimeBinConfig?.self) ?? .hourly
        range = start..<max(start, end)
        bins = try TimeBins(range, config.scale, offset: config.offset)
    }

    /// Every step, with what belongs to it added up.
    func points<Value>(
        _ parts: [(Int64, Value)], _ nothing: Value, _ add: (inout Value, Value) -> Void
    ) -> [SeriesPoint<Value>] {
        var values: [Int64: Value] = [:]
        for (time, part) in parts { add(&values[bins.start(of: time), default: nothing], part) }
        return bins.starts.map { SeriesPoint(time: $0, value: values[$0] ?? nothing) }
    }
}

/// The two types of a time series.
private struct SeriesTypes<Value: Sendable>: Sendable {
    typealias Point = Object<SeriesPoint<Value>>

    let name: String
    let series: Object<[SeriesPoint<Value>]>
    let point: Point

    var types: [any TypeDeclaration] { [series, point] }

    init(_ name: String, _ pointName: String, fields: @escaping @Sendable (inout Point.Fields) -> Void) {
        self.init(name, of: Self.point(pointName, fields: fields))
    }

    init(_ name: String, implements interfaces: [String] = [], of point: Point) {
        self.name = name
        self.point = point
        let pointName = point.name
        series = ObjectType(name, description: "Numbers over time.", implements: interfaces) { type in
            type.field("data", .nonNull(.list(.nonNull(.named(pointName)))), description: "Its steps.") { point($0) }
        }
    }

    static func point(_ name: String, fields: @escaping @Sendable (inout Point.Fields) -> Void) -> Point {
        ObjectType(name, description: "One step of a time series.") { type in
            type.field("timestamp", .nonNull(.named("DateTime")), description: "When it begins.") {
                dateTime($0.time * Timestamp.nanosecondsPerSecond)
            }
            fields(&type)
        }
    }

    func callAsFunction(_ points: [SeriesPoint<Value>]) -> OutputValue { series(points) }
}

extension StatusCounts {
    fileprivate var total: Int64 { ok + error + unset }

    /// Nil where nothing is counted.
    fileprivate var orNil: StatusCounts? { total == 0 ? nil : self }

    /// Sums tell no more than which spans failed: the others are all taken to be unset.
    fileprivate init(failedOrNot totals: SpanTotals) {
        self.init()
        (error, unset) = (totals.errorCount, totals.spanCount - totals.errorCount)
    }
}

/// A number of what models were sent and of what they answered.
private struct Directions: Sendable {
    var prompt: Double
    var completion: Double
    var total: Double

    /// Nil where there is neither.
    init?(_ prompt: Int64, _ completion: Int64, unit: Double = 1) {
        guard prompt != 0 || completion != 0 else { return nil }
        (self.prompt, self.completion) = (Double(prompt) / unit, Double(completion) / unit)
        total = Double(prompt + completion) / unit
    }
}

extension SpanTotals {
    fileprivate var tokens: Directions? { Directions(promptTokens, completionTokens) }
    /// In dollars.
    fileprivate var costs: Directions? { Directions(promptCost, completionCost, unit: 1e9) }
}
