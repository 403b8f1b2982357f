import Domain
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("Common headers and health")
struct RouteTests {
    private func answer(_ path: String, obstacle: String? = nil) async throws -> TestResponse {
        let router = Router()
        router.addMiddleware { CommonHeaders() }
        HealthRoutes(obstacle: { obstacle }).add(to: router)
        router.get("/own") { _, _ in
            Response(status: .ok, headers: [.xContentTypeOptions: "own"], body: .init(byteBuffer: ByteBuffer()))
        }
        return try await Application(router: router).test(.router) { try await $0.execute(uri: path, method: .get) }
    }

    @Test("every answer carries the version that clients check, and keeps browsers from guessing")
    func headers() async throws {
        let headers = try await answer("/healthz").headers
        #expect(headers[try #require(HTTPField.Name("x-phoenix-server-version"))] == PhoenixVersion.text)
        #expect(headers[try #require(HTTPField.Name("x-colab-notebook-cache-control"))] == "no-cache")
        #expect(headers[.xContentTypeOptions] == "nosniff")
    }

    @Test("a route's own header stays")
    func ownHeader() async throws {
        #expect(try await answer("/own").headers[values: .xContentTypeOptions] == ["own"])
    }

    @Test("a process that lives says so, whatever it cannot do")
    func alive() async throws {
        let response = try await answer("/healthz", obstacle: "the database is away")
        #expect(response.status == .ok)
        #expect(String(buffer: response.body) == "OK")
        #expect(response.headers[.cacheControl] == "no-store")
    }

    @Test("a service that can do its work is ready")
    func ready() async throws {
        let response = try await answer("/readyz")
        #expect(response.status == .ok)
        #expect(String(buffer: response.body) == #"{"status":"ready"}"#)
    }

    @Test("a service that cannot says why, as JSON, and when to ask again")
    func notReady() async throws {
        let response = try await answer("/readyz", obstacle: "the \"main\" database\nis away")
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers[.retryAfter] == "1")
        #expect(
            String(buffer: response.body)
                == #"{"status":"unavailable","reason":"the \"main\" database is away"}"#)
    }
}
