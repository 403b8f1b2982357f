/// An environment variable that Bennu knows.
public struct Variable: Sendable, Hashable {
    /// What its value must look like.
    public enum Kind: Sendable, Hashable {
        /// `true` or `false` in any case.
        case boolean
        case integer(ClosedRange<Int>)
        case decimal(ClosedRange<Double>)
        /// A TCP port; the one that Kubernetes may have overwritten with an address of its own.
        case port
        /// A host name or an address, without a port.
        case host
        case choice([String])
        case text
        /// A path in the file system; `~/` is the home directory.
        case path
        /// A path within a URL: begins with `/`, does not end with one.
        case rootPath
        /// `http://…` or `https://…`.
        case url
        case email
        /// A number of bytes, plain or with `KiB`, `MiB` or `GiB`.
        case byteCount(ClosedRange<Int>)
        /// A secret that must satisfy `SecretPolicy`.
        case signingSecret
    }

    /// Whether setting it has an effect.
    public enum Support: Sendable, Hashable {
        case served
        /// Known from Phoenix, but without effect in this release.
        case notServed
        /// Without effect on purpose; the text says why and is worth a warning.
        case replaced(String)
        /// Without effect on purpose, and nobody needs to be told.
        case needless
        /// Read by clients, which may share the server's environment.
        case clientSide
    }

    /// The processes that read it.
    public struct Readers: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let collector = Readers(rawValue: 1)
        public static let api = Readers(rawValue: 2)
        public static let auth = Readers(rawValue: 4)
        public static let mailer = Readers(rawValue: 8)
        public static let launcher = Readers(rawValue: 16)
        public static let services: Readers = [.collector, .api, .auth, .mailer]
        public static let all: Readers = [.services, .launcher]
    }

    public let name: String
    public let kind: Kind
    /// As it would be written in the environment; nil if there is none, or if it follows from other variables.
    public let defaultValue: String?
    /// Its value is never shown.
    public let isSecret: Bool
    public let support: Support
    public let readers: Readers

    init(
        _ name: String, _ kind: Kind, default defaultValue: String? = nil, secret isSecret: Bool = false,
        _ support: Support = .served, readers: Readers = .all
    ) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.isSecret = isSecret || kind == .signingSecret
        self.support = support
        self.readers = readers
    }
}
