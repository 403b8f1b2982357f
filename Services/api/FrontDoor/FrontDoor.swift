import AsyncHTTPClient
import HTTP
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import ServiceRuntime

/// Forwards what belongs to other services, so that one port offers everything.
///
/// A request's body is read whole, within a bound, before it goes on: a service may answer in the middle of a body, and a
/// body that two ends read at once is not to be had. Answers are streamed.
struct FrontDoor: Service {
    private let client: HTTPClient
    private let authURL: String
    private let collectorURL: String
    private let bodyBytesMax: Int
    private let logger: Logger
    private let isEncrypted: Bool

    // A client's channel that must wait in the middle of a head ends the process; none that people send is so large.
    private static let headBytesMax = 32 << 10
    // The collector answers within its own limits or refuses; a minute is far beyond them.
    private static let patience: TimeAmount = .seconds(60)

    /// `certificate` is that of the front door itself, where it is encrypted.
    init(
        authURL: String, collectorURL: String, bodyBytesMax: Int, certificate: ServerCertificate? = nil, logger: Logger
    ) {
        self.authURL = authURL
        self.collectorURL = collectorURL
        self.bodyBytesMax = bodyBytesMax
        self.logger = logger
        isEncrypted = certificate != nil
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(2), read: .seconds(30))
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        if let certificate { configuration.tlsConfiguration = certificate.clientConfiguration() }
        client = HTTPClient(configuration: configuration)
    }

    /// Keeps the client's connections until the service stops.
    func run() async throws {
        try? await gracefulShutdown()
        try await client.shutdown()
    }

    func add<Context: RemoteAddressRequestContext>(to router: Router<Context>) {
        router.post("/v1/traces") { request, context in
            do {
                return try await forwardTraces(request, from: context.remoteAddress)
            } catch let error as APIError {
                return error.answer(toOTLP: request)
            }
        }
        for prefix in ["/auth", "/oauth2"] {
            for method in [HTTPRequest.Method.get, .head, .post] {
                router.on("\(prefix)/**", method: method) { request, context in
                    try await forward(request, from: context.remoteAddress, to: authURL)
                }
            }
        }
    }

    private func forwardTraces(_ request: Request, from sender: SocketAddress?) async throws -> Response {
        if request.expectsContinue, let refusal = try await refusal(of: request, from: sender) { return refusal }
        return try await forward(request, from: sender, to: collectorURL)
    }

    private func forward(
        _ request: Request, from sender: SocketAddress?, to target: String
    ) async throws -> Response {
        guard request.headBytes <= Self.headBytesMax else {
            throw APIError(.requestHeaderFieldsTooLarge, "the request's head is larger than \(Self.headBytesMax) bytes")
        }
        let body = try await body(of: request)
        return try await send(request, body, from: sender, to: target)
    }

    /// What the collector refuses a request's head with, for a client that waits to hear whether its body is wanted; nil
    /// where it is.
    private func refusal(of request: Request, from sender: SocketAddress?) async throws -> Response? {
        guard !request.isWithoutBody, request.headBytes <= Self.headBytesMax else { return nil }
        let response = try await send(request, ByteBuffer(), from: sender, to: collectorURL)
        return response.status == .ok ? nil : response
    }

    private func send(
        _ request: Request, _ body: ByteBuffer, from sender: SocketAddress?, to target: String
    ) async throws -> Response {
        var outgoing = outgoing(request, body, to: target)
        // Nobody is to be asked again for a body that is here.
        if body.readableBytes > 0 { outgoing.headers.remove(name: "expect") }
        outgoing.addForwarded(request, from: sender, isEncrypted: isEncrypted)
        do {
            return incoming(try await client.execute(outgoing, timeout: Self.patience, logger: logger))
        } catch {
            logger.debug("a service did not answer", metadata: ["url": "\(target)", "error": "\(error)"])
            throw APIError(
                .serviceUnavailable, "the service is not available; try again", retryAfter: .seconds(1), cause: error)
        }
    }

    private func body(of request: Request) async throws -> ByteBuffer {
        let body: ByteBuffer?
        do {
            body = try await request.collectedBody(upTo: bodyBytesMax)
        } catch {
            throw APIError(.badRequest, "the body ended too early", cause: error)
        }
        guard let body else { throw APIError(.contentTooLarge, "the request is larger than \(bodyBytesMax) bytes") }
        return body
    }

    private func outgoing(_ request: Request, _ body: ByteBuffer, to target: String) -> HTTPClientRequest {
        var forwarded = HTTPClientRequest(url: target + request.uri.string)
        forwarded.method = .init(rawValue: request.method.rawValue)
        for field in request.headers where !HopByHop.contains(field.name, request.headers) {
            forwarded.headers.add(name: field.name.canonicalName, value: field.value)
        }
        forwarded.headers.remove(name: "content-length")
        if body.readableBytes > 0 || request.method == .post { forwarded.body = .bytes(body) }
        return forwarded
    }

    private func incoming(_ response: HTTPClientResponse) -> Response {
        var headers = HTTPFields()
        for (name, value) in response.headers {
            guard let name = HTTPField.Name(name), !HopByHop.names.contains(name.canonicalName) else { continue }
            headers.append(HTTPField(name: name, value: value))
        }
        let status = HTTPResponse.Status(
            code: Int(response.status.code), reasonPhrase: response.status.reasonPhrase)
        return Response(status: status, headers: headers, body: .init(asyncSequence: response.body))
    }
}

extension Request {
    fileprivate var headBytes: Int {
        headers.reduce(uri.string.utf8.count) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
    }
}

extension HTTPClientRequest {
    /// Says who asked, for which host and how (the `X-Forwarded-` headers).
    ///
    /// The host is always the request's own: a link in a mail may be made of it, and nobody may choose that. Whom a proxy in
    /// front has named comes before the proxy itself; a client can write that as well, so who reads it must know how many
    /// proxies stand in front.
    fileprivate mutating func addForwarded(_ request: Request, from sender: SocketAddress?, isEncrypted: Bool) {
        if let address = sender?.ipAddress {
            // How the address of everything sees senders over IPv4.
            let plain = String(address.trimmingPrefix("::ffff:"))
            let before = headers["x-forwarded-for"]
            headers.replaceOrAdd(name: "x-forwarded-for", value: (before + [plain]).joined(separator: ", "))
        }
        if let authority = request.head.authority {
            headers.replaceOrAdd(name: "x-forwarded-host", value: authority)
        }
        if !headers.contains(name: "x-forwarded-proto") {
            headers.add(name: "x-forwarded-proto", value: isEncrypted ? "https" : "http")
        }
    }
}

/// Fields that concern one connection only (RFC 9110, section 7.6.1).
private enum HopByHop {
    static let names: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// Whether a field stays here: one of those, or one that `Connection` names.
    static func contains(_ name: HTTPField.Name, _ headers: HTTPFields) -> Bool {
        if names.contains(name.canonicalName) { return true }
        let listed = (headers[.connection] ?? "").lowercased().split(separator: ",")
        return listed.contains { $0.trimmingWhitespace() == name.canonicalName }
    }
}
