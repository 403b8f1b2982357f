extension InputValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .float(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: InputValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, InputValue)...) {
        self = .object(elements.map { ObjectField($0.0, $0.1) })
    }
}

extension InputValue {
    /// The value as a document writes it (October 2021, 2.9).
    public var literal: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .float(let value): printedFloat(value)
        case .string(let value): printedString(value)
        case .enumValue(let name): name
        case .list(let items): "[" + items.map(\.literal).joined(separator: ", ") + "]"
        case .object(let fields):
            "{" + fields.map { "\($0.name): \($0.value.literal)" }.joined(separator: ", ") + "}"
        }
    }
}

/// A whole number without a fraction, as far as that is exact.
func printedFloat(_ value: Double) -> String {
    if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
    return "\(value)"
}

extension WrappedType {
    public static let string = WrappedType.named("String")
    public static let int = WrappedType.named("Int")
    public static let float = WrappedType.named("Float")
    public static let boolean = WrappedType.named("Boolean")
    public static let id = WrappedType.named("ID")

    /// The type that a declaration declares.
    public static func type(_ declaration: some TypeDeclaration) -> WrappedType { .named(declaration.name) }

    /// `[Type!]!`
    public static func listOf(_ item: WrappedType) -> WrappedType { .nonNull(.list(.nonNull(item))) }
}

extension SchemaInputValue {
    /// A field of an input object.
    public static func field(
        _ name: String, _ type: WrappedType, default defaultValue: InputValue? = nil, description: String? = nil,
        deprecated: String? = nil
    ) -> SchemaInputValue {
        .argument(name, type, default: defaultValue, description: description, deprecated: deprecated)
    }

    /// An argument of a field or directive.
    public static func argument(
        _ name: String, _ type: WrappedType, default defaultValue: InputValue? = nil, description: String? = nil,
        deprecated: String? = nil
    ) -> SchemaInputValue {
        SchemaInputValue(
            name: name, description: description, type: type, defaultValue: defaultValue, deprecationReason: deprecated)
    }
}
