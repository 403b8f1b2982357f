/// The CurveZMQ keys (ZeroMQ RFC 26) that the services of one deployment share: a service proves with the client's pair
/// that it belongs to the deployment, and the one it connects to proves the same with the server's.
public struct CurveKeys: Sendable {
    /// An X25519 key pair; both keys have 32 bytes.
    public struct Pair: Sendable, CustomStringConvertible, CustomReflectable {
        public let publicKey: [UInt8]
        /// Never log it.
        public let secretKey: [UInt8]

        public init(publicKey: [UInt8], secretKey: [UInt8]) {
            precondition(publicKey.count == 32 && secretKey.count == 32, "Curve25519 keys have 32 bytes")
            self.publicKey = publicKey
            self.secretKey = secretKey
        }

        public var description: String { "(secret)" }
        public var customMirror: Mirror { Mirror(self, children: [:]) }
    }

    public let server: Pair
    public let client: Pair

    public init(server: Pair, client: Pair) {
        self.server = server
        self.client = client
    }
}
