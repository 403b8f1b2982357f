import Foundation
import Testing

@testable import bennu_api

@Suite("Annotation config routes", .serialized)
struct AnnotationConfigRoutesTests {
    private static let categorical = """
        {"name": "correct", "type": "CATEGORICAL", "optimization_direction": "MAXIMIZE",
            "values": [{"label": "yes", "score": 1}, {"label": "no"}]}
        """
    private static let continuous = """
        {"name": "warmth", "type": "CONTINUOUS", "optimization_direction": "NONE", "lower_bound": 0, "upper_bound": 2.5}
        """
    private static let freeform = #"{"name": "words", "type": "FREEFORM", "description": "free", "threshold": 0.5}"#

    @Test("configs are made, found by id and by name, replaced, listed and deleted")
    func life() async throws {
        try await withAPI { api in
            var ids: [String] = []
            for body in [Self.categorical, Self.continuous, Self.freeform] {
                ids.append(try #require(try await api.object(.post, "/v1/annotation_configs", body).text("data.id")))
            }
            #expect(try await api.send(.post, "/v1/annotation_configs", Self.freeform).status == .conflict)
            #expect(try await api.allPages("/v1/annotation_configs?limit=2", "id") == ids)
            let byName = try await api.object(.get, "/v1/annotation_configs/correct")
            #expect(byName.text("data.id") == ids[0])
            let byID = try await api.send(.get, "/v1/annotation_configs/\(ids[1])")
            #expect(byID.text.contains(#""lower_bound":0.0,"upper_bound":2.5"#))
            let unbounded = try await api.send(.get, "/v1/annotation_configs/\(ids[2])")
            #expect(
                unbounded.text.contains(
                    #""optimization_direction":null,"threshold":0.5,"lower_bound":null,"upper_bound":null"#))
            let renamed = Self.freeform.replacing("words", with: "sentences")
            #expect(
                try await api.object(.put, "/v1/annotation_configs/\(ids[2])", renamed).text("data.name") == "sentences"
            )
            #expect(try await api.object(.delete, "/v1/annotation_configs/\(ids[2])").text("data.name") == "sentences")
            #expect(try await api.send(.delete, "/v1/annotation_configs/\(ids[2])").status == .notFound)
            #expect(try await api.send(.get, "/v1/annotation_configs/words").status == .notFound)
            #expect(
                try await api.send(.put, "/v1/annotation_configs/nonsense", renamed).status == .unprocessableContent)
        }
    }

    @Test("a config that contradicts itself is refused")
    func refusals() async throws {
        try await withAPI { api in
            for body in [
                #"{"name": "", "type": "FREEFORM"}"#, #"{"name": "a", "type": "OTHER"}"#, #"{"type": "FREEFORM"}"#,
                #"{"name": "a", "type": "CATEGORICAL", "optimization_direction": "NONE", "values": []}"#,
                Self.categorical.replacing("no", with: "yes"), Self.continuous.replacing("2.5", with: "-1"),
                #"{"name": "a", "type": "CONTINUOUS"}"#,
            ] {
                #expect(
                    try await api.send(.post, "/v1/annotation_configs", body).status == .unprocessableContent, "\(body)"
                )
            }
            let note = try await api.send(.post, "/v1/annotation_configs", #"{"name": "note", "type": "FREEFORM"}"#)
            #expect(note.status == .badRequest)
        }
    }

    @Test("configs are assigned to projects one by one and all at once")
    func projects() async throws {
        try await withAPI { api in
            _ = try await api.object(.post, "/v1/projects", #"{"name": "p"}"#)
            var ids: [String] = []
            for body in [Self.categorical, Self.continuous, Self.freeform] {
                ids.append(try #require(try await api.object(.post, "/v1/annotation_configs", body).text("data.id")))
            }
            let path = "/v1/projects/p/annotation_configs"
            #expect(try await api.object(.put, path + "/warmth").text("data.id") == ids[1])
            #expect(try await api.object(.put, path + "/\(ids[1])").text("data.id") == ids[1])
            #expect(try await api.allPages(path + "?limit=1", "id") == [ids[1]])
            let set = #"{"annotation_config_ids": ["\#(ids[0])", "\#(ids[2])"]}"#
            #expect((try await api.object(.put, path, set)["data"] as? [Any])?.count == 2)
            #expect(try await api.allPages(path + "?limit=1", "id") == [ids[0], ids[2]])
            #expect(try await api.send(.delete, path + "/correct").status == .noContent)
            #expect(try await api.send(.delete, path + "/correct").status == .noContent)
            #expect(try await api.allPages(path + "?limit=9", "id") == [ids[2]])
            #expect(
                try await api.send(.put, path, #"{"annotation_config_ids": ["x"]}"#).status == .unprocessableContent)
            #expect(try await api.send(.put, path + "/none").status == .notFound)
            #expect(try await api.send(.put, "/v1/projects/none/annotation_configs/warmth").status == .notFound)
        }
    }
}
