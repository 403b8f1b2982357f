/// A value that goes in: an argument, a variable, a default. Variables of a request are given as these, with an enum's
/// value as `string`.
public enum InputValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case int(Int64)
    case float(Double)
    case string(String)
    /// An enum's value, as a document writes it.
    case enumValue(String)
    case list([InputValue])
    case object([ObjectField])

    /// A field of an object, in the order written.
    public struct ObjectField: Sendable, Hashable {
        public var name: String
        public var value: InputValue

        public init(_ name: String, _ value: InputValue) {
            self.name = name
            self.value = value
        }
    }

    public var isNull: Bool { self == .null }
}

extension [InputValue.ObjectField] {
    /// The value of the field with this name; of equal names the last counts, as in JSON.
    public func value(named name: String) -> InputValue? {
        last { $0.name == name }?.value
    }
}
