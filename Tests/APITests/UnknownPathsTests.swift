import HTTPTypes
import Testing

@testable import bennu_api

@Suite("Unknown paths and methods", .serialized)
struct UnknownPathsTests {
    @Test("a known path with another method is 405 and says which methods there are")
    func methods() async throws {
        try await withAPI { api in
            for (method, path, allowed) in [
                (HTTPRequest.Method.patch, "/v1/projects", "GET, HEAD, POST"), (.get, "/v1/span_annotations", "POST"),
                (.post, "/v1/traces/00000000000000000000000000000001", "DELETE"),
                (.patch, "/v1/projects/p/span_annotations", "DELETE, GET, HEAD"),
            ] {
                let answer = try await api.send(method, path)
                #expect(answer.status == .methodNotAllowed, "\(method) \(path)")
                #expect(answer.headers[.allow] == allowed, "\(method) \(path)")
            }
        }
    }

    @Test("a path that nobody serves is 404 with any method")
    func paths() async throws {
        try await withAPI { api in
            for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
                for path in [
                    "/v1/nothing", "/v1/projects/p/nothing", "/v1/projects/p/spans/otlpv1/more", "/bennu/v1/projects",
                ] {
                    let answer = try await api.send(method, path)
                    #expect(answer.status == .notFound, "\(method) \(path)")
                }
            }
        }
    }
}
