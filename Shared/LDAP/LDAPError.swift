/// What a directory answered instead of success (RFC 4511, 4.1.9), or why it was not reached.
public struct LDAPError: Error, Sendable, Hashable, CustomStringConvertible {
    public var code: Int32
    public var description: String

    public init(code: Int32, _ description: String) {
        self.code = code
        self.description = description
    }
}
