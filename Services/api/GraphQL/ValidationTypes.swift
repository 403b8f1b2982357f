import Foundation
import GraphQL

/// Whether what a client has written can be used.
enum ValidationTypes {
    static let part = APISchema.Part(types: [validationResult, query])

    private struct ValidationResult: Sendable {
        /// What is wrong; nil where nothing is.
        var error: String?
        var warnings: [String]
    }

    private static let validationResult: Object<ValidationResult> = ObjectType(
        "ValidationResult", description: "Whether a text can be used."
    ) { type in
        type.field("isValid", .nonNull(.boolean), description: "Whether it can.") { $0.error == nil }
        type.field("errorMessage", .string, description: "What is wrong with it, and where.") { $0.error }
        type.field("warnings", .listOf(.string), description: "What is right but looks odd.") { $0.warnings }
    }

    static func result(_ error: String?, warnings: [String] = []) -> OutputValue {
        validationResult(ValidationResult(error: error, warnings: warnings))
    }

    private static let query = Roots.query.extended { type in
        type.field(
            "validateRegularExpression", .nonNull(.named("ValidationResult")),
            description: "Whether this can be a regular expression.",
            arguments: [.argument("regex", .nonNull(.string))]
        ) { _, field in
            result(regularExpressionError(try field.arguments.string("regex")))
        }
    }

    private static func regularExpressionError(_ text: String) -> String? {
        do {
            _ = try Regex(text)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
