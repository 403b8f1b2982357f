import Domain
import Storage
import TestSupport
import Testing

@testable import bennu_api

@Suite("Annotation configs over GraphQL", .serialized)
struct AnnotationConfigGraphQLTests {
    private let fields = """
        __typename ... on AnnotationConfigBase { name description annotationType }
        ... on CategoricalAnnotationConfig { id optimizationDirection values { label score } }
        ... on ContinuousAnnotationConfig { id optimizationDirection lowerBound upperBound }
        ... on FreeformAnnotationConfig { id direction: optimizationDirection threshold lowerBound upperBound }
        """

    private func make(_ api: APIFixture, _ config: String) async throws -> [String: Any] {
        try await api.query(
            "mutation { createAnnotationConfig(input: {annotationConfig: \(config)}) { annotationConfig { \(fields) } } }"
        )
    }

    private let tone =
        #"{categorical: {name: "tone", optimizationDirection: MAXIMIZE, values: [{label: "kind", score: 1.5}, {label: "rude"}]}}"#

    @Test("configs of all kinds are made, listed, found by id, replaced and deleted")
    func life() async throws {
        try await withAPI { api in
            let made = try await make(api, tone)
            let config = try made.json("createAnnotationConfig", "annotationConfig")
            let id = GlobalID("CategoricalAnnotationConfig", 1).description
            #expect(
                config
                    == #"{"__typename":"CategoricalAnnotationConfig","annotationType":"CATEGORICAL","description":null,"id":"\#(id)","name":"tone","optimizationDirection":"MAXIMIZE","values":[{"label":"kind","score":1.5},{"label":"rude","score":null}]}"#
            )
            _ = try await make(
                api,
                #"{continuous: {name: "length", optimizationDirection: MINIMIZE, lowerBound: 0.5, upperBound: 7.5}}"#)
            _ = try await make(api, #"{freeform: {name: "remark", description: "Anything", threshold: 2.5}}"#)

            let first = try await api.query(
                "{ annotationConfigs(first: 2) { edges { node { ... on AnnotationConfigBase { name } } } pageInfo { hasNextPage endCursor } } }"
            )
            let names = try first.json("annotationConfigs", "edges")
            #expect(names == #"[{"node":{"name":"tone"}},{"node":{"name":"length"}}]"#)
            let after = try #require(first.text("annotationConfigs.pageInfo.endCursor"))
            let rest = try await api.query(
                "query($after: String) { annotationConfigs(after: $after) { edges { node { \(fields) } } pageInfo { hasNextPage } } }",
                ["after": after])
            let last = try rest.json("annotationConfigs")
            let freeform = GlobalID("FreeformAnnotationConfig", 3).description
            #expect(
                last
                    == #"{"edges":[{"node":{"__typename":"FreeformAnnotationConfig","annotationType":"FREEFORM","description":"Anything","direction":"NONE","id":"\#(freeform)","lowerBound":null,"name":"remark","threshold":2.5,"upperBound":null}}],"pageInfo":{"hasNextPage":false}}"#
            )

            let continuous = GlobalID("ContinuousAnnotationConfig", 2).description
            let node = try await api.query(
                "query($id: ID!) { node(id: $id) { ... on ContinuousAnnotationConfig { name lowerBound upperBound } } }",
                ["id": continuous])
            let found = try node.json("node")
            #expect(found == #"{"lowerBound":0.5,"name":"length","upperBound":7.5}"#)
            let wrong = try await api.errors(
                "query($id: ID!) { node(id: $id) { id } }", ["id": GlobalID("FreeformAnnotationConfig", 2).description])
            #expect(wrong == ["FreeformAnnotationConfig with ID 2 not found"])

            let replaced = try await api.query(
                #"mutation($id: ID!) { updateAnnotationConfig(input: {id: $id, annotationConfig: {freeform: {name: "size"}}}) { annotationConfig { __typename ... on AnnotationConfigBase { name } } } }"#,
                ["id": continuous])
            let now = try replaced.json("updateAnnotationConfig", "annotationConfig")
            #expect(now == #"{"__typename":"FreeformAnnotationConfig","name":"size"}"#)

            let deletion =
                "mutation($ids: [ID!]!) { deleteAnnotationConfigs(input: {ids: $ids}) { annotationConfigs { ... on AnnotationConfigBase { name } } query { annotationConfigs { edges { node { ... on AnnotationConfigBase { name } } } } } } }"
            let missing = try await api.errors(
                deletion, ["ids": [id, GlobalID("FreeformAnnotationConfig", 99).description]])
            #expect(missing == ["Annotation configuration not found"])
            let gone = try await api.query(deletion, ["ids": [id, freeform]])
            let answer = try gone.json("deleteAnnotationConfigs")
            #expect(
                answer
                    == #"{"annotationConfigs":[{"name":"tone"},{"name":"remark"}],"query":{"annotationConfigs":{"edges":[{"node":{"name":"size"}}]}}}"#
            )
        }
    }

    @Test("what contradicts itself, or has the name of another, is refused")
    func refusals() async throws {
        try await withAPI { api in
            _ = try await make(api, tone)
            let cases = [
                (tone, "An annotation configuration with the name 'tone' already exists"),
                (#"{freeform: {name: "note"}}"#, "The name 'note' is reserved for notes"),
                (
                    #"{continuous: {name: "x", optimizationDirection: NONE, lowerBound: 2, upperBound: 1}}"#,
                    "lower_bound must be below upper_bound"
                ),
                (
                    #"{categorical: {name: "x", optimizationDirection: NONE, values: []}}"#,
                    "values must have at least one label"
                ),
                ("{}", "OneOf Input Object 'AnnotationConfigInput' must specify exactly one key."),
                (
                    #"{freeform: {name: "x"}, continuous: {name: "x", optimizationDirection: NONE}}"#,
                    "OneOf Input Object 'AnnotationConfigInput' must specify exactly one key."
                ),
            ]
            for (config, message) in cases {
                let errors = try await api.errors(
                    "mutation { createAnnotationConfig(input: {annotationConfig: \(config)}) { query { __typename } } }"
                )
                #expect(errors == [message])
            }
        }
    }

    @Test("a project offers the configs that are added to it, until they are removed")
    func projects() async throws {
        try await withAPI { api in
            try await api.writer.write(
                TestSpan.batch([TestSpan(trace: 1, id: 1, start: 0, end: 1000)]), project: "p")
            let stored = try await api.query(#"{ getProjectByName(name: "p") { id } }"#)
            let project = try #require(stored.text("getProjectByName.id"))
            _ = try await make(api, tone)
            _ = try await make(api, #"{freeform: {name: "remark"}}"#)
            let ids = [
                GlobalID("CategoricalAnnotationConfig", 1).description,
                GlobalID("FreeformAnnotationConfig", 2).description,
            ]
            let names = "{ edges { node { ... on AnnotationConfigBase { name } } } }"
            let added = try await api.query(
                "mutation($p: ID!, $a: ID!, $b: ID!) { addAnnotationConfigToProject(input: [{projectId: $p, annotationConfigId: $a}, {projectId: $p, annotationConfigId: $b}]) { project { all: annotationConfigs \(names) some: annotationConfigs(names: [\"remark\"]) \(names) any: annotationConfigs(names: []) \(names) } } }",
                ["p": project, "a": ids[0], "b": ids[1]])
            let after = try added.json("addAnnotationConfigToProject", "project")
            #expect(
                after
                    == #"{"all":{"edges":[{"node":{"name":"tone"}},{"node":{"name":"remark"}}]},"any":{"edges":[{"node":{"name":"tone"}},{"node":{"name":"remark"}}]},"some":{"edges":[{"node":{"name":"remark"}}]}}"#
            )
            let removed = try await api.query(
                "mutation($p: ID!, $a: ID!) { removeAnnotationConfigFromProject(input: [{projectId: $p, annotationConfigId: $a}]) { project { annotationConfigs \(names) } } }",
                ["p": project, "a": ids[0]])
            let left = try removed.json("removeAnnotationConfigFromProject", "project")
            #expect(left == #"{"annotationConfigs":{"edges":[{"node":{"name":"remark"}}]}}"#)
            let errors = try await api.errors(
                "mutation($p: ID!, $a: ID!) { addAnnotationConfigToProject(input: [{projectId: $p, annotationConfigId: $a}]) { query { __typename } } }",
                ["p": project, "a": GlobalID("FreeformAnnotationConfig", 77).description])
            #expect(errors == ["Project or annotation configuration not found"])
        }
    }
}
