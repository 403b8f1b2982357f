import Domain
import GraphQL
import Storage

/// What the annotations of a project's spans, traces and sessions are called, and what they say together.
enum ProjectAnnotationFields {
    static let part = APISchema.Part(types: [nameCount, fields])

    private struct NameCount: Sendable {
        var name: String
        var count: Int64
    }

    private static let nameCount: Object<NameCount> = ObjectType(
        "AnnotationNameCount", description: "How many annotations of a name there are."
    ) { type in
        type.field("name", .nonNull(.string), description: "The name.") { $0.name }
        type.field("count", .nonNull(.int), description: "How many.") { $0.count }
    }

    private static let names = WrappedType.nonNull(.list(.nonNull(.string)))

    private static let fields = ProjectTypes.project.extended { type in
        addNames(.span, "spanAnnotationNames", to: &type)
        addNames(.trace, "traceAnnotationsNames", to: &type)
        addNames(.session, "sessionAnnotationNames", to: &type)
        addDocumentNames(to: &type)
        for subject in [AnnotationSubject.span, .trace, .session] {
            addMetricNames(subject, to: &type)
            addCounts(subject, to: &type)
            addSummary(subject, to: &type)
        }
    }

    private static func addNames(
        _ subject: AnnotationSubject, _ name: String, to type: inout Object<ProjectNode>.Fields
    ) {
        type.asyncField(name, names, description: "The names of annotations of its \(subject.rawValue)s.") {
            project, field in
            try await counts(subject, AnnotationScope(projectID: project.id), field).map(\.name)
        }
    }

    private static func addDocumentNames(to type: inout Object<ProjectNode>.Fields) {
        type.asyncField(
            "documentEvaluationNames", names, description: "The names of annotations of its spans' documents.",
            arguments: [
                .argument(
                    "spanId", .id,
                    description: "Only of this span's, by its id in OpenTelemetry or among all nodes.")
            ]
        ) { project, field in
            let repository = field.context.repositories.annotations(.document)
            guard let text = try field.arguments.optionalString("spanId") else {
                return try await repository.nameCounts(AnnotationScope(projectID: project.id)).map { $0.name }
            }
            guard let span = try await span(text, of: project, field) else { return [] }
            return try await repository.summaries(of: [span])[span]?.map(\.name) ?? []
        }
    }

    /// The row of a project's span.
    private static func span(_ text: String, of project: ProjectNode, _ field: Field) async throws -> Int64? {
        let spans = field.context.repositories.spans
        let found: SpanSummary? =
            if let id = SpanID(hex: text) {
                try await spans.summary(id)
            } else if let row = try field.arguments.optionalID("spanId", of: "Span") {
                try await spans.summaries(ids: [row])[row]
            } else {
                nil
            }
        return found?.projectID == project.id ? found?.id : nil
    }

    private static func addMetricNames(_ subject: AnnotationSubject, to type: inout Object<ProjectNode>.Fields) {
        type.asyncField(
            "\(subject.rawValue)AnnotationMetricNames", names,
            description: "The names of annotations that have a score or a label.",
            arguments: [
                .argument("timeRange", .nonNull(.named("TimeRange")), description: "When what they are of began.")
            ]
        ) { project, field in
            var scope = try scope(project, field)
            scope.withResultOnly = true
            return try await counts(subject, scope, field).map(\.name)
        }
    }

    private static func addCounts(_ subject: AnnotationSubject, to type: inout Object<ProjectNode>.Fields) {
        type.asyncField(
            "\(subject.rawValue)AnnotationNameCounts", .listOf(.named("AnnotationNameCount")),
            description: "How many annotations of each name its \(subject.rawValue)s have."
        ) { project, field in
            nameCount(try await counts(subject, AnnotationScope(projectID: project.id), field))
        }
    }

    private static func counts(
        _ subject: AnnotationSubject, _ scope: AnnotationScope, _ field: Field
    ) async throws -> [NameCount] {
        try await field.context.repositories.annotations(subject).nameCounts(scope).map {
            NameCount(name: $0.name, count: $0.count)
        }
    }

    private static func scope(_ project: ProjectNode, _ field: Field) throws -> AnnotationScope {
        var scope = AnnotationScope(projectID: project.id)
        let range: TimeRange? = try field.argument("timeRange")
        (scope.startTime, scope.endTime) = (range?.start, range?.end)
        return scope
    }

    private static func addSummary(_ subject: AnnotationSubject, to type: inout Object<ProjectNode>.Fields) {
        var arguments: [SchemaInputValue] = [
            .argument("annotationName", .nonNull(.string)), .argument("timeRange", .named("TimeRange")),
            .argument("sessionFilterCondition", .string, description: "On the sessions that they belong to."),
        ]
        if subject != .session {
            arguments.append(
                .argument("filterCondition", .string, description: "On the span, or on one of the trace's spans."))
        }
        type.asyncField(
            "\(subject.rawValue)AnnotationSummary", .named("AnnotationSummary"),
            description: """
                What annotations of a name say together that have a label or a score; null without any. Those of one \
                \(subject.rawValue) that give the same label, or none, count once.
                """, arguments: arguments
        ) { project, field in
            var scope = try scope(project, field)
            (scope.name, scope.withResultOnly) = (try field.arguments.string("annotationName"), true)
            if subject != .session { scope.spanFilter = try field.arguments.spanFilter("filterCondition") }
            scope.sessionFilter = try field.arguments.sessionFilter("sessionFilterCondition")
            let found = try await field.context.repositories.annotations(subject).summaries(scope)
            return AnnotationSummaryTypes.summary(
                found.first.map { summary in
                    var summary = summary
                    summary.count = summary.opinionCount
                    return summary
                })
        }
    }
}
