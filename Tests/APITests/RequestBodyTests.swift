import Domain
import HTTPTypes
import TestSupport
import Testing

@testable import bennu_api

@Suite(.serialized) struct RequestBodyTests {
    @Test(arguments: ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"])
    func `A body that is declared to be JSON is read`(type: String) async throws {
        try await withAPI { api in
            let response = try await api.send(
                .post, "/v1/projects", #"{"name":"shop"}"#, headers: [.contentType: type])
            #expect(response.status == .ok)
        }
    }

    @Test(arguments: ["", "text/plain", "application/x-www-form-urlencoded", "text/json", "application/jsonx"])
    func `A body that is declared to be something else is refused on every route and changes nothing`(
        type: String
    ) async throws {
        try await withAPI { api in
            try await api.store([TestSpan(trace: 1, id: 1, start: 0, end: 1)])
            let session = #"{"session_identifiers":["s"]}"#
            let annotation = #"{"data":[{"name":"n","annotator_kind":"CODE","trace_id":"x","result":{"label":"l"}}]}"#
            for (method, path, body) in [
                (.post, "/v1/projects", #"{"name":"shop"}"#), (.put, "/v1/projects/default", #"{"description":"d"}"#),
                (.patch, "/v1/projects/default/retention", #"{"policy_id":null}"#),
                (.post, "/v1/spans", #"{"queries":[{}]}"#), (.post, "/v1/projects/default/spans", #"{"data":[]}"#),
                (.post, "/v1/sessions/delete", session), (.post, "/v1/trace_annotations", annotation),
                (.post, "/v1/annotation_configs", #"{"name":"free","type":"FREEFORM"}"#),
                (.post, "/v1/span_notes", #"{"data":{"span_id":"00000000000000aa","note":"n"}}"#),
            ] as [(HTTPRequest.Method, String, String)] {
                let response = try await api.send(method, path, body, headers: [.contentType: type])
                #expect(response.status == .unprocessableContent, "\(path)")
                let detail = try #require(try response.object()["detail"] as? [[String: Any]], "\(path)")
                #expect(detail.first?["loc"] as? [String] == ["body"])
            }
            #expect(try await api.list("/v1/projects").allSatisfy { $0.text("name") != "shop" })
            #expect(try await api.list("/v1/annotation_configs").isEmpty)
        }
    }

    @Test func `Deleting no sessions is refused`() async throws {
        try await withAPI { api in
            let response = try await api.send(.post, "/v1/sessions/delete", #"{"session_identifiers":[]}"#)
            #expect(response.status == .unprocessableContent)
            #expect(response.text == "session_identifiers must not be empty")
        }
    }
}
