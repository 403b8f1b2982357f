import Domain
import HTTPTypes
import TestSupport
import Testing

@testable import bennu_api

@Suite("Projects over REST", .serialized)
struct ProjectRoutesTests {
    @Test("a project is created, read by id and by name, described anew and deleted")
    func lifeCycle() async throws {
        try await withAPI { api in
            let created = try await api.object(.post, "/v1/projects", #"{"name": "a/b ü", "description": "first"}"#)
            let id = try #require(created["data"] as? [String: Any]).text("id") ?? ""
            #expect(GlobalID(encoded: id)?.typeName == "Project")
            for identifier in [id, "a%2Fb%20%C3%BC"] {
                let read = try #require(
                    try await api.object(.get, "/v1/projects/\(identifier)")["data"] as? [String: Any])
                #expect(read as? [String: String] == ["id": id, "name": "a/b ü", "description": "first"])
            }
            let updated = try await api.object(.put, "/v1/projects/\(id)", #"{"description": "second"}"#)
            #expect((updated["data"] as? [String: Any])?.text("description") == "second")
            let same = try await api.object(.put, "/v1/projects/\(id)", "{}")
            #expect((same["data"] as? [String: Any])?.text("description") == "second")
            #expect(try await api.send(.delete, "/v1/projects/\(id)").status == .noContent)
            #expect(try await api.send(.get, "/v1/projects/\(id)").status == .notFound)
        }
    }

    @Test("an unknown project is 404 with the identifier that was asked for, by every method")
    func missing() async throws {
        try await withAPI { api in
            let requests: [(HTTPRequest.Method, String?)] = [(.get, nil), (.put, "{}"), (.delete, nil)]
            for (method, body) in requests {
                let response = try await api.send(method, "/v1/projects/no%20such", body)
                #expect(response.status == .notFound)
                #expect(response.text == "Project with identifier no such not found")
                #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
            }
            for path in ["spans", "spans/otlpv1", "traces", "sessions"] {
                let response = try await api.send(.get, "/v1/projects/UHJvamVjdDo5OQ==/\(path)")
                #expect(response.text == "Project with identifier UHJvamVjdDo5OQ== not found")
            }
        }
    }

    @Test("the default project cannot be deleted")
    func defaultProject() async throws {
        try await withAPI { api in
            try await api.store([TestSpan(trace: 1, id: 1, start: 0, end: 1)])
            let response = try await api.send(.delete, "/v1/projects/default")
            #expect(response.status == .forbidden)
            #expect(response.text == "The default project cannot be deleted")
            #expect(try await api.list("/v1/projects/default/spans").count == 1)
        }
    }

    @Test("a name that is taken is refused with 409, and an empty or missing one with 422")
    func badNames() async throws {
        try await withAPI { api in
            _ = try await api.object(.post, "/v1/projects", #"{"name": "shop"}"#)
            let taken = try await api.send(.post, "/v1/projects", #"{"name": " shop "}"#)
            #expect(taken.status == .conflict)
            #expect(taken.text == "Project with name 'shop' already exists")
            for body in [#"{"name": "  "}"#, "{}", #"{"name": 1}"#, "no JSON", ""] {
                #expect(try await api.send(.post, "/v1/projects", body).status == .unprocessableContent, "\(body)")
            }
        }
    }

    @Test(
        "all pages together have each project once, in order of their ids, whatever the page's size", arguments: 1...6)
    func paging(limit: Int) async throws {
        try await withAPI { api in
            for name in ["a", "b", "c", "d", "e"] {
                _ = try await api.object(.post, "/v1/projects", #"{"name":"\#(name)"}"#)
            }
            #expect(
                try await api.allPages("/v1/projects?limit=\(limit)", "name").filter { $0 != "default" } == [
                    "a", "b", "c", "d", "e",
                ])
        }
    }

    @Test("a cursor or limit that cannot be one is refused with 422")
    func badPaging() async throws {
        try await withAPI { api in
            for query in ["cursor=x", "cursor=\(GlobalID("Span", 1))", "limit=0", "limit=x", "limit=-1"] {
                #expect(try await api.send(.get, "/v1/projects?\(query)").status == .unprocessableContent, "\(query)")
            }
            let response = try await api.send(.get, "/v1/projects?cursor=x")
            #expect(response.text == "Invalid cursor format: x")
        }
    }

    @Test("a part of a name is found in any case, with % and _ as ordinary characters")
    func nameContains() async throws {
        try await withAPI { api in
            for name in ["100% Sure", "100 sure", "snake_case", "snakeXcase", "back\\\\slash"] {
                _ = try await api.object(.post, "/v1/projects", #"{"name":"\#(name)"}"#)
            }
            let expected = [
                "sure": ["100% Sure", "100 sure"], "0%25": ["100% Sure"], "E_c": ["snake_case"],
                "%5C": ["back\\slash"], "nothing": [],
            ]
            for (part, names) in expected {
                #expect(
                    try await api.list("/v1/projects?name_contains=\(part)").map { $0.text("name") } == names, "\(part)"
                )
            }
        }
    }

    @Test("a deleted project takes its spans along and leaves the others' sums right")
    func deletion() async throws {
        try await withAPI { api in
            for project in ["keep", "drop"] {
                let base: UInt64 = project == "keep" ? 100 : 200
                try await api.store(
                    (0..<6).map { index -> TestSpan in
                        var span = TestSpan(
                            trace: base + UInt64(index / 2), id: base + UInt64(index),
                            start: Int64(index) * 70_000_000_000, end: Int64(index) * 80_000_000_000)
                        span.session = "shared"
                        return span
                    }, project: project)
            }
            #expect(try await api.send(.delete, "/v1/projects/drop").status == .noContent)
            #expect(try await api.list("/v1/projects/keep/spans").count == 6)
            let gone = try await api.query("{ getSpanByOtelId(spanId: \"\(SpanID(200))\") { id } }")
            #expect(gone.at("getSpanByOtelId") == nil)
            try await api.expectSumsAgree()
        }
    }
}
