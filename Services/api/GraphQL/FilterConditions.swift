import FilterLanguage
import GraphQL

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
        type.field(
            "validateSpanFilterCondition", .nonNull(.named("ValidationResult")),
            description: "Whether this can be a condition on spans.", arguments: [condition]
        ) { _, field in
            validate(try field.arguments.string("condition")) { text throws(FilterError) in _ = try SpanFilter(text) }
        }
        type.field(
            "analyzeSpanFilterCondition", .nonNull(.named("SpanFilterConditionAnalysis")),
            description: "What a condition on spans says of root spans; of one that is none, nothing is certain.",
            arguments: [condition]
        ) { _, field in
            analysis((try? SpanFilter(try field.arguments.string("condition")))?.selectsRootSpansOnly ?? false)
        }
        type.field(
            "validateTraceFilterCondition", .nonNull(.named("ValidationResult")),
            description: "Whether this can be a condition on traces.", arguments: [condition]
        ) { _, field in
            validate(try field.arguments.string("condition")) { text throws(FilterError) in _ = try TraceFilter(text) }
        }
        type.field(
            "validateSessionFilterCondition", .nonNull(.named("ValidationResult")),
            description: "Whether this can be a condition on sessions.", arguments: [condition]
        ) { _, field in
            validate(try field.arguments.string("condition")) { text throws(FilterError) in
                _ = try SessionFilter(text)
            }
        }
    }

    private static func validate(_ text: String, _ parse: (String) throws(FilterError) -> Void) -> OutputValue {
        do throws(FilterError) {
            // No condition at all is one that everything meets.
            if !text.isBlank { try parse(text) }
            return ValidationTypes.result(nil)
        } catch {
            return ValidationTypes.result(error.description)
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
