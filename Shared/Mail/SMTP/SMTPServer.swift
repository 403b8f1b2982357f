import Domain

/// The server that takes our mail.
public struct SMTPServer: Sendable, Equatable {
    public var host: String
    /// 465 means that the connection is encrypted from its first byte.
    public var port: Int
    /// Nil where the server asks for none.
    public var credentials: Credentials?
    /// Whether the server's certificate must be valid and its own.
    public var validatesCertificates: Bool
    /// PEM file of the issuers to trust; nil for the system's.
    public var issuersFile: String?

    public struct Credentials: Sendable, Equatable {
        public var username: String
        public var password: Secret

        public init(username: String, password: Secret) {
            self.username = username
            self.password = password
        }
    }

    /// Signs in where there are both a user name and a password.
    public init(
        host: String, port: Int, username: String?, password: Secret?, validatesCertificates: Bool,
        issuersFile: String?
    ) {
        self.init(
            host: host, port: port,
            credentials: username.flatMap { name in password.map { Credentials(username: name, password: $0) } },
            validatesCertificates: validatesCertificates, issuersFile: issuersFile)
    }

    public init(
        host: String, port: Int, credentials: Credentials? = nil, validatesCertificates: Bool = true,
        issuersFile: String? = nil
    ) {
        self.host = host
        self.port = port
        self.credentials = credentials
        self.validatesCertificates = validatesCertificates
        self.issuersFile = issuersFile
    }

    /// How a connection comes to be encrypted. There is no way without.
    public enum Encryption: String, Sendable {
        /// By the command STARTTLS (RFC 3207), and not at all if the server does not offer it.
        case startTLS = "STARTTLS"
        /// From the first byte (RFC 8314).
        case implicit = "implicit TLS"
    }

    /// The ways to try, in their order.
    var encryptions: [Encryption] { port == 465 ? [.implicit] : [.startTLS, .implicit] }

    func url(_ encryption: Encryption) -> String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return "\(encryption == .implicit ? "smtps" : "smtp")://\(shown):\(port)"
    }
}

/// What a server made of a mail.
public struct SMTPReceipt: Sendable, Equatable {
    public let encryption: SMTPServer.Encryption
    /// Its last line: `250 2.0.0 OK queued as …`.
    public let answer: String
}

/// Why a mail was not sent.
public struct SMTPFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// No connection, or none that is encrypted as it must be.
        case connection
        case certificate
        /// User name or password are wrong.
        case signIn
        /// The server refused for now (4xx).
        case temporary
        /// The server refused for good (5xx).
        case permanent
        /// We stopped before the server was given the mail.
        case stopped
    }

    public let kind: Kind
    /// For people: what happened and what the server said. Without secrets.
    public let reason: String
    /// The server had been given the whole mail when the connection broke: it may have taken it.
    public let isInDoubt: Bool

    public var description: String { reason }
}
