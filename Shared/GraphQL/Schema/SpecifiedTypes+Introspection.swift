extension SpecifiedTypes {
    /// The types of October 2021, 4.2.
    static let introspection: [SchemaType] = [schema, type, field, inputValue, enumValue, directive] + enums

    private static let schema = SchemaType(
        kind: .object, name: "__Schema", description: "A schema: its types, directives and roots.",
        fields: [
            SchemaField(name: "description", type: .named("String")),
            SchemaField(name: "types", description: "All types.", type: requiredList("__Type")),
            SchemaField(name: "queryType", description: "Where queries begin.", type: required("__Type")),
            SchemaField(name: "mutationType", description: "Where mutations begin.", type: .named("__Type")),
            SchemaField(name: "subscriptionType", description: "Where subscriptions begin.", type: .named("__Type")),
            SchemaField(name: "directives", description: "All directives.", type: requiredList("__Directive")),
        ])

    private static let type = SchemaType(
        kind: .object, name: "__Type", description: "A type; which fields have a value depends on its kind.",
        fields: [
            SchemaField(name: "kind", type: required("__TypeKind")),
            SchemaField(name: "name", type: .named("String")),
            SchemaField(name: "description", type: .named("String")),
            SchemaField(name: "specifiedByURL", type: .named("String")),
            SchemaField(
                name: "fields", arguments: [includeDeprecated], type: .list(required("__Field"))),
            SchemaField(name: "interfaces", type: .list(required("__Type"))),
            SchemaField(name: "possibleTypes", type: .list(required("__Type"))),
            SchemaField(name: "enumValues", arguments: [includeDeprecated], type: .list(required("__EnumValue"))),
            SchemaField(name: "inputFields", arguments: [includeDeprecated], type: .list(required("__InputValue"))),
            SchemaField(name: "ofType", type: .named("__Type")),
            SchemaField(name: "isOneOf", type: .named("Boolean")),
        ])

    private static let field = SchemaType(
        kind: .object, name: "__Field", description: "A field of an object or interface.",
        fields: [
            SchemaField(name: "name", type: required("String")),
            SchemaField(name: "description", type: .named("String")),
            SchemaField(name: "args", arguments: [includeDeprecated], type: requiredList("__InputValue")),
            SchemaField(name: "type", type: required("__Type")),
            SchemaField(name: "isDeprecated", type: required("Boolean")),
            SchemaField(name: "deprecationReason", type: .named("String")),
        ])

    private static let inputValue = SchemaType(
        kind: .object, name: "__InputValue", description: "An argument, or a field of an input object.",
        fields: [
            SchemaField(name: "name", type: required("String")),
            SchemaField(name: "description", type: .named("String")),
            SchemaField(name: "type", type: required("__Type")),
            SchemaField(name: "defaultValue", description: "As a document writes it.", type: .named("String")),
            SchemaField(name: "isDeprecated", type: required("Boolean")),
            SchemaField(name: "deprecationReason", type: .named("String")),
        ])

    private static let enumValue = SchemaType(
        kind: .object, name: "__EnumValue", description: "A value of an enum.",
        fields: [
            SchemaField(name: "name", type: required("String")),
            SchemaField(name: "description", type: .named("String")),
            SchemaField(name: "isDeprecated", type: required("Boolean")),
            SchemaField(name: "deprecationReason", type: .named("String")),
        ])

    private static let directive = SchemaType(
        kind: .object, name: "__Directive", description: "A directive and where it may stand.",
        fields: [
            SchemaField(name: "name", type: required("String")),
            SchemaField(name: "description", type: .named("String")),
            SchemaField(name: "isRepeatable", type: required("Boolean")),
            SchemaField(name: "locations", type: requiredList("__DirectiveLocation")),
            SchemaField(name: "args", arguments: [includeDeprecated], type: requiredList("__InputValue")),
        ])

    private static let enums: [SchemaType] = [
        SchemaType(
            kind: .enum, name: "__TypeKind", description: "What a type is.",
            enumValues: (TypeKind.allCases.map(\.rawValue) + ["LIST", "NON_NULL"]).map { SchemaEnumValue(name: $0) }),
        SchemaType(
            kind: .enum, name: "__DirectiveLocation", description: "Where a directive may stand.",
            enumValues: directiveLocations.map { SchemaEnumValue(name: $0) }),
    ]

    static let directiveLocations = [
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE",
        "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION",
    ]

    private static let includeDeprecated = SchemaInputValue(
        name: "includeDeprecated", type: .named("Boolean"), defaultValue: .boolean(false))
}
