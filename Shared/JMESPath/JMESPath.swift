/// A compiled expression of JMESPath (https://jmespath.org/specification.html), to be evaluated any number of times.
///
///     let roles = try JMESPath("resource_access.bennu.roles[]")
///     let found = try roles.evaluate(claims)
///
/// Names and numbers of arguments of functions are checked when it is compiled.
public struct JMESPath: Sendable, Hashable, CustomStringConvertible {
    public let text: String
    private let root: Node

    /// Throws `JMESPathError` for what is no expression or is too long or too deeply nested.
    public init(_ text: String) throws(JMESPathError) {
        self.text = text
        root = try Parser.parse(text)
    }

    public var description: String { text }

    /// What the expression finds; null where it finds nothing. Throws `JMESPathError` if a function is given a value of a
    /// type that it does not take.
    public func evaluate(_ value: JSONValue) throws(JMESPathError) -> JSONValue {
        try root.evaluate(value)
    }

    public static func == (left: JMESPath, right: JMESPath) -> Bool { left.text == right.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
