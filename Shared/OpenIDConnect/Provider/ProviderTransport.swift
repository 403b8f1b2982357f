import AsyncHTTPClient
import NIOCore

/// A request to a provider.
public struct ProviderRequest: Sendable {
    public var url: String
    public var authorization: String?
    /// A form (application/x-www-form-urlencoded), which is posted; nil to get.
    public var form: String?
}

/// What a provider answered.
public struct ProviderResponse: Sendable {
    public var status: Int
    public var body: [UInt8]

    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// How providers are reached.
public protocol ProviderTransport: Sendable {
    func send(_ request: ProviderRequest) async throws(OpenIDError) -> ProviderResponse
}

/// HTTPS to providers: ten seconds for each request, a megabyte for each answer, and no redirects: a discovery document or
/// a key that comes from elsewhere is not the provider's.
public struct HTTPTransport: ProviderTransport {
    private static let responseBytesMax = 1 << 20

    private let client: HTTPClient

    public init() {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(10))
        configuration.connectionPool.idleTimeout = .seconds(30)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// To be called once, when no request is sent any more.
    public func shutdown() async { try? await client.shutdown() }

    public func send(_ request: ProviderRequest) async throws(OpenIDError) -> ProviderResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.headers.add(name: "accept", value: "application/json")
        outgoing.headers.add(name: "user-agent", value: "bennu")
        if let authorization = request.authorization {
            outgoing.headers.add(name: "authorization", value: authorization)
        }
        if let form = request.form {
            outgoing.method = .POST
            outgoing.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            outgoing.body = .bytes(ByteBuffer(string: form))
        }
        do {
            let response = try await client.execute(outgoing, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: Self.responseBytesMax)
            return ProviderResponse(status: Int(response.status.code), body: Array(body.readableBytesView))
        } catch {
            throw OpenIDError(.provider, "\(ProviderURL.shown(request.url)) was not reached: \(error)")
        }
    }
}
