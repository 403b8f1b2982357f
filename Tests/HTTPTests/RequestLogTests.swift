import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@Suite("A request's line in the log")
struct RequestLogTests {
    /// Keeps what is logged, each line with its metadata.
    private final class Lines: Sendable {
        let all = Mutex<[(message: String, metadata: [String: String])]>([])

        var last: (message: String, metadata: [String: String])? { all.withLock { $0.last } }
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
            lines.all.withLock { $0.append((event.message.description, all)) }
        }
    }

    private func requestID(_ headers: HTTPFields) throws -> String? {
        headers[try #require(HTTPField.Name("x-request-id"))]
    }

    /// What a route sees and answers, and the lines that it leaves behind.
    private func answer(id: String? = nil, path: String = "/seen") async throws -> (TestResponse, Lines) {
        let lines = Lines()
        let router = Router()
        router.addMiddleware {
            RequestLog(logger: Logger(label: "tests") { _ in Handler(lines: lines) })
            ErrorAnswers(masksInternalErrors: true, isPlainText: { _ in true }, translate: { _ in nil })
        }
        router.get("/seen") { request, _ in
            guard let name = HTTPField.Name("x-request-id") else { return "" }
            return request.headers[name] ?? ""
        }
        var headers = HTTPFields()
        if let id { headers[try #require(HTTPField.Name("x-request-id"))] = id }
        let sent = headers
        let response = try await Application(router: router).test(.router) {
            try await $0.execute(uri: path, method: .get, headers: sent)
        }
        return (response, lines)
    }

    @Test("a request without an id is given one of its own, which route, answer and line share")
    func newID() async throws {
        let (response, lines) = try await answer()
        let id = try #require(try requestID(response.headers))
        #expect(id.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(String(buffer: response.body) == id)
        #expect(lines.last?.metadata["request_id"] == id)
        #expect(try requestID(try await answer().0.headers) != id)
    }

    @Test("a proxy's id is kept, unless it has no place in a log", arguments: ["a-1.b_C", "x y", "a\"b", ""])
    func givenID(id: String) async throws {
        let (response, _) = try await answer(id: id)
        #expect((try requestID(response.headers) == id) == (id == "a-1.b_C"))
        let long = String(repeating: "a", count: 65)
        #expect(try requestID(try await answer(id: long).0.headers) != long)
    }

    @Test("the line says method, path and status, and nothing of the query")
    func line() async throws {
        let (_, lines) = try await answer(path: "/none?token=secret")
        let line = try #require(lines.last)
        #expect(line.message == "answered")
        #expect(line.metadata["method"] == "GET")
        #expect(line.metadata["path"] == "/none")
        #expect(line.metadata["status"] == "404")
        #expect(line.metadata["duration"]?.isEmpty == false)
        #expect(!line.metadata.values.contains { $0.contains("secret") })
    }
}
