/// What a resolver answers for one parent, before it is made to fit the field's type (October 2021, 6.4.3).
public enum OutputValue: Sendable {
    case null
    case boolean(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case list([OutputValue])
    /// An object with the type that its fields are resolved by; made with `ObjectType`'s `callAsFunction`.
    case object(any TypedObject)
    /// Keys and values in order, for scalars that are JSON.
    case map([Entry])
    /// JSON that is written as it is; whoever makes it answers for its being well-formed.
    case json(String)
    /// This value alone failed: it becomes null, with an error at its place in the answer.
    case failure(any Error)

    /// One entry of a map.
    public struct Entry: Sendable {
        public var key: String
        public var value: OutputValue

        public init(_ key: String, _ value: OutputValue) {
            self.key = key
            self.value = value
        }
    }

    /// An object of a type.
    public static func object<Value, Context>(_ type: ObjectType<Value, Context>, _ value: Value) -> OutputValue {
        type(value)
    }

    /// A list of objects of one type.
    public static func objects<Value, Context>(
        _ type: ObjectType<Value, Context>, _ values: some Sequence<Value>
    ) -> OutputValue {
        .list(values.map { type($0) })
    }

    /// What the closure answers, or its error in the place of a value.
    @inlinable public static func catching(_ body: () throws -> OutputValue) -> OutputValue {
        do { return try body() } catch { return .failure(error) }
    }
}

/// A value with the name of its object type, as it waits for its fields to be resolved.
public protocol TypedObject: AnyObject, Sendable {
    var typeName: String { get }
}

/// The only kind of `TypedObject`: keeps the value's Swift type.
final class ObjectBox<Value: Sendable>: TypedObject {
    let typeName: String
    let value: Value

    init(typeName: String, value: Value) {
        self.typeName = typeName
        self.value = value
    }
}
