/// A value that must not be seen: it prints as `(secret)`, cannot be encoded and is compared in constant time.
public struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    public init(_ value: String) {
        self.value = value
    }

    /// The value itself. Never log it, put it into a URL or into an error's text.
    public var revealed: String { value }

    public var description: String { "(secret)" }
    public var debugDescription: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Takes the same time wherever the two differ; only their lengths can be told from it.
    public static func == (left: Secret, right: Secret) -> Bool {
        let (left, right) = (Array(left.value.utf8), Array(right.value.utf8))
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for position in left.indices { difference |= left[position] ^ right[position] }
        return difference == 0
    }
}
