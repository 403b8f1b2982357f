/// What a resolver knows besides its parents.
public struct FieldContext<Context: Sendable>: Sendable {
    /// The host's own context of the request.
    public let context: Context
    let info: FieldInfo

    /// The field's arguments, coerced and with defaults in place.
    public var arguments: Arguments { info.arguments }
    /// What the request selects below this field.
    public var selection: SelectedFields { info.selection }
    public var typeName: String { info.typeName }
    public var fieldName: String { info.fieldName }

    /// An argument as a Swift type: `let first: Int? = try field.argument("first")`.
    public func argument<Value: InputDecodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        try info.arguments.value(name, as: type)
    }

    /// Counts what a resolver holds, or is about to read, towards the fields that the answer may have: of many rows for each
    /// parent even those below which little is selected take memory.
    ///
    /// - Throws: where the answer has become too large.
    public func spend(_ count: Int) throws {
        guard info.gate.budget.spend(count) else { throw info.gate.budget.error }
    }

    /// Whether the request selects the field at the end of this path below the resolved field:
    /// `field.selects("edges", "node", "attributes")`.
    public func selects(_ path: String..., on typeName: String? = nil) -> Bool {
        info.selection.contains(path, on: typeName)
    }
}

/// A field's surroundings before the host's context has its type back.
@usableFromInline
struct FieldInfo: Sendable {
    var context: any Sendable
    var arguments: Arguments
    var selection: SelectedFields
    var typeName: String
    var fieldName: String
    /// What a resolver that waits has to pass.
    var gate: ResolverGate

    @usableFromInline func typed<Context>(_: Context.Type = Context.self) -> FieldContext<Context> {
        guard let context = context as? Context else {
            preconditionFailure("\(typeName).\(fieldName) is declared for the context \(Context.self)")
        }
        return FieldContext(context: context, info: self)
    }
}
