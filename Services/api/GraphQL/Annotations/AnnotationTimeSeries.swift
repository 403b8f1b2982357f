import Domain
import GraphQL
import Storage

/// What annotations say over time. They count where the span, trace or session that they are of begins.
enum AnnotationTimeSeries {
    static let part = APISchema.Part(types: [scoreWithLabel, scorePoint, scores, metricsPoint, metrics, fields])

    // Each step is a case of the one statement that reads them all.
    private static let countMax = 1500

    private struct Point: Sendable {
        /// Nanoseconds since 1970.
        var time: Int64
        var summaries: [AnnotationSummary]
    }

    private static func names(_ points: [Point]) -> [String] {
        Set(points.flatMap { $0.summaries.map(\.name) }).sorted()
    }

    // MARK: Scores

    private static let scoreWithLabel: Object<AnnotationSummary> = ObjectType(
        "AnnotationScoreWithLabel", description: "The mean score of annotations of one name."
    ) { type in
        type.field("label", .nonNull(.string), description: "Their name.") { $0.name }
        type.field("score", .nonNull(.float), description: "The mean.") { $0.meanOfScores }
    }

    private static let scorePoint: Object<Point> = ObjectType(
        "AnnotationScoreTimeSeriesDataPoint", description: "One step of a time series."
    ) { type in
        type.field("timestamp", .nonNull(.named("DateTime")), description: "When it begins.") { dateTime($0.time) }
        type.field(
            "scoresWithLabels", .listOf(.named("AnnotationScoreWithLabel")), description: "The mean score of each name."
        ) { scoreWithLabel($0.summaries) }
    }

    private static let scores: Object<[Point]> = ObjectType(
        "AnnotationScoreTimeSeries", description: "Scores over time."
    ) { type in
        type.field("data", .listOf(.named("AnnotationScoreTimeSeriesDataPoint")), description: "Its steps.") {
            scorePoint($0)
        }
        type.field("names", .nonNull(.list(.nonNull(.string))), description: "All names in it.") { names($0) }
    }

    // MARK: Metrics

    private static let metricsPoint: Object<Point> = ObjectType(
        "AnnotationMetricsTimeSeriesDataPoint", description: "One step of a time series."
    ) { type in
        type.field("timestamp", .nonNull(.named("DateTime")), description: "When it begins.") { dateTime($0.time) }
        type.field(
            "annotationSummaries", .listOf(.named("AnnotationSummary")), description: "What each name's say together."
        ) { AnnotationSummaryTypes.summary($0.summaries) }
    }

    private static let metrics: Object<[Point]> = ObjectType(
        "AnnotationMetricsTimeSeries", description: "Summaries over time."
    ) { type in
        type.field("data", .listOf(.named("AnnotationMetricsTimeSeriesDataPoint")), description: "Its steps.") {
            metricsPoint($0)
        }
        type.field("names", .nonNull(.list(.nonNull(.string))), description: "All names in it.") { names($0) }
    }

    // MARK: Fields

    private static let arguments: [SchemaInputValue] = [
        .argument("timeRange", .nonNull(.named("TimeRange"))), .argument("timeBinConfig", .named("TimeBinConfig")),
    ]

    private static let fields = ProjectTypes.project.extended { type in
        for subject in [AnnotationSubject.span, .trace, .session] {
            type.asyncField(
                "\(subject.rawValue)AnnotationScoreTimeSeries", .nonNull(.named("AnnotationScoreTimeSeries")),
                description: "Mean scores of annotations of its \(subject.rawValue)s over time.", arguments: arguments
            ) { project, field in
                let points = try await points(subject, project, name: nil, field).map { point in
                    Point(time: point.time, summaries: point.summaries.filter { $0.meanOfScores != nil })
                }
                return OutputValue.object(scores, points)
            }
            type.asyncField(
                "\(subject.rawValue)AnnotationMetricsTimeSeries", .nonNull(.named("AnnotationMetricsTimeSeries")),
                description: "What annotations of its \(subject.rawValue)s say over time.",
                arguments: arguments + [.argument("annotationName", .string, description: "Only of this name.")]
            ) { project, field in
                let name = try field.arguments.optionalString("annotationName")
                return OutputValue.object(metrics, try await points(subject, project, name: name, field))
            }
        }
    }

    private static func points(
        _ subject: AnnotationSubject, _ project: ProjectNode, name: String?, _ field: Field
    ) async throws -> [Point] {
        let request = try SeriesRequest(field)
        guard request.bins.starts.count <= countMax else {
            throw ExpectedError("timeRange: too many steps; take longer ones")
        }
        var scope = AnnotationScope(projectID: project.id)
        (scope.startTime, scope.endTime) = (request.range.lowerBound, request.range.upperBound)
        (scope.name, scope.withResultOnly) = (name, true)
        let starts = request.bins.starts.map { $0 * Timestamp.nanosecondsPerSecond }
        let found = try await field.context.repositories.annotations(subject).summaries(scope, starts: starts)
        return starts.map { start in
            Point(time: start, summaries: (found[start] ?? []).filter { $0.name != AnnotationContent.noteName })
        }
    }
}
