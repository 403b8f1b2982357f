import FilterLanguage
import GraphQL
import Storage

/// Conditions that clients write, and what is wrong with them.
enum FilterConditions {
    static let part = APISchema.Part(types: [analysis, fields])

    private static let analysis: Object<Bool> = ObjectType(
        "SpanFilterConditionAnalysis", description: "What a condition on spans says of root spans."
    ) { type in
        type.field(
            "selectsRootSpansOnly", .nonNull(.boolean),
            description: "Whether it is certain that nothing but root spans can meet it."
        ) { $0 }
    }

    private static let fields = ProjectTypes.project.extended { type in
        let condition = SchemaInputValue.argument("condition", .nonNull(.string))
        type.asyncField(
            "validateSpanFilterCondition", .nonNull(.named("ValidationResult")),
            description: "Whether this can be a condition on spans.", arguments: [condition]
        ) { project, field in
            // Of spans a name that nothing has is as usual as one that something has.
            try await validate(project, field) { text throws(FilterError) in
                _ = try SpanFilter(text)
                return []
            }
        }
        type.field(
            "analyzeSpanFilterCondition", .nonNull(.named("SpanFilterConditionAnalysis")),
            description: "What a condition on spans says of root spans; of one that is none, nothing is certain.",
            arguments: [condition]
        ) { _, field in
            analysis((try? SpanFilter(try field.arguments.string("condition")))?.selectsRootSpansOnly ?? false)
        }
        type.asyncField(
            "validateTraceFilterCondition", .nonNull(.named("ValidationResult")),
            description: "Whether this can be a condition on traces, with a warning of names that nothing has.",
            arguments: [condition]
        ) { project, field in
            try await validate(project, field) { text throws(FilterError) in try TraceFilter(text).annotations }
        }
        type.asyncField(
            "validateSessionFilterCondition", .nonNull(.named("ValidationResult")),
            description: "Whether this can be a condition on sessions, with a warning of names that nothing has.",
            arguments: [condition]
        ) { project, field in
            try await validate(project, field) { text throws(FilterError) in try SessionFilter(text).annotations }
        }
    }

    private static func validate(
        _ project: ProjectNode, _ field: Field,
        _ parse: (String) throws(FilterError) -> Set<FilterAnnotation>
    ) async throws -> OutputValue {
        let text = try field.arguments.string("condition")
        let named: Set<FilterAnnotation>
        do throws(FilterError) {
            // No condition at all is one that everything meets.
            named = text.isBlank ? [] : try parse(text)
        } catch {
            return ValidationTypes.result(error.description)
        }
        return ValidationTypes.result(nil, warnings: try await warnings(of: named, project, field))
    }

    /// One for each annotation that nothing in the project has.
    private static func warnings(
        of named: Set<FilterAnnotation>, _ project: ProjectNode, _ field: Field
    ) async throws -> [String] {
        var warnings: [String] = []
        for (subject, named) in Dictionary(grouping: named, by: \.subject) {
            let known = try await field.context.repositories.annotations(AnnotationSubject(subject)).nameCounts(
                AnnotationScope(projectID: project.id))
            for annotation in named where !known.contains(where: { $0.name == annotation.name }) {
                warnings.append("no \(subject.rawValue) of this project has an annotation '\(annotation.name)'")
            }
        }
        return warnings.sorted()
    }
}

extension AnnotationSubject {
    fileprivate init(_ subject: FilterAnnotation.Subject) {
        self =
            switch subject {
            case .span: .span
            case .trace: .trace
            case .session: .session
            }
    }
}

extension Arguments {
    func spanFilter(_ name: String) throws -> SpanFilter? {
        try condition(name) { text throws(FilterError) in try SpanFilter(text) }
    }

    func traceFilter(_ name: String) throws -> TraceFilter? {
        try condition(name) { text throws(FilterError) in try TraceFilter(text) }
    }

    func sessionFilter(_ name: String) throws -> SessionFilter? {
        try condition(name) { text throws(FilterError) in try SessionFilter(text) }
    }

    private func condition<Filter>(_ name: String, _ parse: (String) throws(FilterError) -> Filter) throws -> Filter? {
        guard let text = try optionalString(name), !text.isBlank else { return nil }
        do throws(FilterError) {
            return try parse(text)
        } catch {
            throw ExpectedError("\(name): \(error.description)")
        }
    }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
