/// A named type as it is declared in Swift: put into a schema with others, it refers to them by name, so the order and
/// the file in which types are declared do not matter (October 2021, 3.4).
public protocol TypeDeclaration: Sendable {
    var name: String { get }
    /// Called once for each schema that the type is part of.
    func declared() -> DeclaredType
}

/// What a declaration brings into a schema.
public struct DeclaredType: Sendable {
    var type: SchemaType
    var resolvers: [String: FieldResolver] = [:]
    /// Puts boxed objects of this type into an array of their Swift type.
    var makeColumn: (@Sendable ([any TypedObject]) -> (any ParentColumn)?)?
    var scalar: ScalarHooks?
    /// Fields for an object type that is declared elsewhere.
    var isExtension = false
    /// The host's context type that the resolvers expect; nil where any will do.
    var contextType: (any Any.Type)?
    /// The Swift type of an object type's values.
    var valueType: (any Any.Type)?
}

/// The parents of one level for one object type, as an array of their Swift type.
@usableFromInline
protocol ParentColumn: AnyObject, Sendable {
    var count: Int { get }
}

@usableFromInline
final class Parents<Value: Sendable>: ParentColumn {
    @usableFromInline let values: [Value]
    @usableFromInline var count: Int { values.count }

    init(_ values: [Value]) {
        self.values = values
    }
}

/// How a field gets its values: one call for all parents of a level.
@usableFromInline
enum FieldResolver: Sendable {
    case sync(@Sendable (any ParentColumn, FieldInfo) throws -> [OutputValue])
    case async(@Sendable (any ParentColumn, FieldInfo) async throws -> [OutputValue])
    /// The events of a subscription; each is the field's value of one answer.
    case stream(@Sendable (FieldInfo) async throws -> EventSource)
}
