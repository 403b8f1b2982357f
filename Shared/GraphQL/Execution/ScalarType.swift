/// A scalar of the host's own (October 2021, 3.5).
public struct ScalarType: TypeDeclaration {
    public let name: String
    private let summary: String?
    private let specifiedByURL: String?
    private let hooks: ScalarHooks

    /// - Parameters:
    ///   - parse: checks a value that comes in, and may bring it into one form; a thrown error's text follows the value
    ///     in the answer. Literals have their variables put in before.
    ///   - serialize: checks or converts what a resolver answers.
    public init(
        _ name: String, description: String? = nil, specifiedBy url: String? = nil,
        parse: @escaping @Sendable (InputValue) throws -> InputValue = { $0 },
        serialize: @escaping @Sendable (OutputValue) throws -> OutputValue = { $0 }
    ) {
        self.name = name
        summary = description
        specifiedByURL = url
        hooks = ScalarHooks(parse: parse, serialize: serialize)
    }

    public func declared() -> DeclaredType {
        DeclaredType(
            type: SchemaType(kind: .scalar, name: name, description: summary, specifiedByURL: specifiedByURL),
            scalar: hooks)
    }
}

struct ScalarHooks: Sendable {
    var parse: @Sendable (InputValue) throws -> InputValue
    var serialize: @Sendable (OutputValue) throws -> OutputValue
}
