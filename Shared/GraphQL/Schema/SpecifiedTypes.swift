/// What every schema has: built-in scalars (October 2021, 3.5), directives (3.13; `@oneOf` from September 2025, 3.13.5),
/// meta-fields and introspection's own types (4.2).
enum SpecifiedTypes {
    static let all: [SchemaType] = scalars + introspection

    static let scalarNames: Set<String> = ["String", "Int", "Float", "Boolean", "ID"]

    static let scalars: [SchemaType] = [
        scalar("String", "Text: a sequence of Unicode characters."),
        scalar("Int", "A whole number of 32 bits with a sign."),
        scalar("Float", "A number of double precision (IEEE 754)."),
        scalar("Boolean", "`true` or `false`."),
        scalar("ID", "An identifier: text that is not meant to be read; a whole number is taken as its digits."),
    ]

    static let directives: [SchemaDirective] = [
        SchemaDirective(
            name: "include", description: "Answers the field or fragment only where the argument is true.",
            arguments: [
                SchemaInputValue(
                    name: "if", description: "Included when true.", type: .nonNull(.named("Boolean")))
            ], locations: ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"]),
        SchemaDirective(
            name: "skip", description: "Leaves the field or fragment out where the argument is true.",
            arguments: [
                SchemaInputValue(name: "if", description: "Skipped when true.", type: .nonNull(.named("Boolean")))
            ], locations: ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"]),
        SchemaDirective(
            name: "deprecated", description: "Marks what should not be used any more.",
            arguments: [
                SchemaInputValue(
                    name: "reason", description: "Why, and what to use instead, in Markdown.", type: .named("String"),
                    defaultValue: .string("No longer supported"))
            ], locations: ["FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION", "ENUM_VALUE"]),
        SchemaDirective(
            name: "specifiedBy", description: "Where a scalar's format is specified.",
            arguments: [
                SchemaInputValue(name: "url", description: "The specification.", type: .nonNull(.named("String")))
            ], locations: ["SCALAR"]),
        SchemaDirective(
            name: "oneOf", description: "Exactly one of the input object's fields is given, and is not null.",
            locations: ["INPUT_OBJECT"]),
    ]

    static let directiveNames = Set(directives.map(\.name))

    static let typenameField = SchemaField(
        name: "__typename", description: "The name of the object's type.", type: required("String"))
    static let schemaField = SchemaField(
        name: "__schema", description: "The schema's types and directives.", type: required("__Schema"))
    static let typeField = SchemaField(
        name: "__type", description: "A type by its name.",
        arguments: [SchemaInputValue(name: "name", type: required("String"))], type: .named("__Type"))

    private static func scalar(_ name: String, _ description: String) -> SchemaType {
        SchemaType(kind: .scalar, name: name, description: description)
    }

    static func required(_ name: String) -> WrappedType { .nonNull(.named(name)) }
    static func requiredList(_ name: String) -> WrappedType { .nonNull(.list(required(name))) }
}
