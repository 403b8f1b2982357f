/// A node id of GraphQL and REST: base64 of `TypeName:number`, as in Relay's Global Object Identification.
public struct GlobalID: Hashable, Sendable, CustomStringConvertible {
    public let typeName: String
    public let number: Int64

    public init(_ typeName: String, _ number: Int64) {
        self.typeName = typeName
        self.number = number
    }

    /// Takes the standard alphabet with padding; nil for what decodes to no type name and number.
    public init?(encoded text: some StringProtocol) {
        guard let bytes = Base64.decode(text), let plain = String(validating: bytes, as: UTF8.self),
            let colon = plain.firstIndex(of: ":"), colon != plain.startIndex,
            let number = Int64(plain[plain.index(after: colon)...])
        else { return nil }
        self.init(String(plain[..<colon]), number)
    }

    public var description: String { Base64.encode(Array("\(typeName):\(number)".utf8)) }
}
