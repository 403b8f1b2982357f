import FilterLanguage
import GraphQL

/// Conditions that clients write, and what is wrong with them.
enum FilterConditions {
    static let part = APISchema.Part(types: [validationResult, fields])

    private static let validationResult: Object<FilterError?> = ObjectType(
        "ValidationResult", description: "Whether a condition can be used."
    ) { type in
        type.field("isValid", .nonNull(.boolean), description: "Whether it can.") { $0 == nil }
        type.field("errorMessage", .string, description: "What is wrong with it, and where.") { $0?.description }
        type.field("warnings", .nonNull(.list(.nonNull(.string))), description: "What is right but looks odd.") {
            _ in [String]()
        }
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
            return validationResult(.some(nil))
        } catch {
            return validationResult(.some(error))
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
