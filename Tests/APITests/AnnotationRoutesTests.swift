import Domain
import Foundation
import Storage
import TestSupport
import Testing

@testable import bennu_api

@Suite("Annotation routes", .serialized)
struct AnnotationRoutesTests {
    private static let spanID = "0000000000000001"
    private static let traceID = "00000000000000000000000000000001"

    private struct Target: Sendable {
        var form: AnnotationForm
        var id: String
    }

    private static let targets = [
        Target(form: .span, id: spanID), Target(form: .trace, id: traceID), Target(form: .session, id: "s one"),
    ]

    private func withSpan(_ body: @Sendable (APIFixture) async throws -> Void) async throws {
        try await withAPI { api in
            var span = TestSpan(trace: 1, id: 1, start: 1000, end: 2000)
            span.session = "s one"
            try await api.store([span], project: "p")
            try await body(api)
        }
    }

    private func body(_ target: Target, name: String = "quality", identifier: String = "", more: String = "") -> String
    {
        """
        {"data": [{"\(target.form.idField)": "\(target.id)", "name": "\(name)", "annotator_kind": "LLM",
            "identifier": "\(identifier)", "result": {"label": "good", "score": 0.5, "explanation": "why"},
            "metadata": {"model": "m", "weight": 1.0}\(more)}]}
        """
    }

    @Test("an annotation that was posted comes back from its project as it was sent")
    func roundTrip() async throws {
        try await withSpan { api in
            for target in Self.targets {
                let form = target.form
                let posted = try await api.object(.post, "/v1/\(form.path)?sync=true", body(target))
                let id = try #require((posted["data"] as? [[String: Any]])?.first?.text("id"))
                let query = target.id.replacing(" ", with: "+")
                let found = try await api.list("/v1/projects/p/\(form.path)?\(form.idField)s=\(query)")
                let annotation = try #require(found.first)
                #expect(annotation.text("id") == id)
                #expect(annotation.text(form.idField) == target.id)
                #expect(annotation.text("result.label") == "good")
                #expect(annotation.text("result.explanation") == "why")
                #expect((annotation["result"] as? [String: Any])?["score"] as? Double == 0.5)
                #expect(annotation.text("source") == "API" && annotation.text("annotator_kind") == "LLM")
                let text = try await api.send(.get, "/v1/projects/p/\(form.path)?\(form.idField)s=\(query)").text
                #expect(text.contains(#""metadata":{"model":"m","weight":1.0}"#))
            }
        }
    }

    @Test("without sync nothing is said of ids, and what has no span yet is kept until it has")
    func queue() async throws {
        try await withSpan { api in
            let late = Target(form: .span, id: "0000000000000009")
            let answer = try await api.object(.post, "/v1/span_annotations", body(late))
            #expect((answer["data"] as? [Any])?.isEmpty == true)
            #expect(try await WaitingAnnotations(database: api.database).count() == 1)
            try await api.store([TestSpan(trace: 2, id: 9, start: 1, end: 2)], project: "p")
            _ = try await WaitingAnnotations(database: api.database).examine(spansHaveCome: true)
            #expect(try await api.list("/v1/projects/p/span_annotations?span_ids=\(late.id)").count == 1)
        }
    }

    @Test("a target that is not there is 404 with sync, and so is at once one that never can be")
    func missing() async throws {
        try await withSpan { api in
            for target in Self.targets {
                var other = target
                other.id = String(target.id.dropLast()) + "7"
                let answer = try await api.send(.post, "/v1/\(target.form.path)?sync=true", body(other))
                #expect(answer.status == .notFound)
                #expect(answer.text.contains(other.id))
            }
            let nonsense = Target(form: .span, id: "no span")
            #expect(try await api.send(.post, "/v1/span_annotations", body(nonsense)).status == .notFound)
        }
    }

    @Test("the name note is refused, and what is no annotation gets a validation error that says where")
    func refusals() async throws {
        try await withSpan { api in
            for target in Self.targets {
                let answer = try await api.send(.post, "/v1/\(target.form.path)", body(target, name: "note"))
                #expect(answer.status == .badRequest)
            }
            let span = Self.targets[0]
            for (wrong, place) in [
                (#"{"data": [{"name": "a", "annotator_kind": "LLM"}]}"#, "span_id"),
                (#"{"data": [{"name": "a", "annotator_kind": "ROBOT", "span_id": "1"}]}"#, "annotator_kind"),
                (#"{"data": {}}"#, "data"), ("[]", "body"), ("nonsense", "body"),
                (body(span).replacing("0.5", with: #""high""#), "score"),
            ] {
                let answer = try await api.send(.post, "/v1/span_annotations", wrong)
                #expect(answer.status == .unprocessableContent)
                let detail = try #require(try answer.object()["detail"] as? [[String: Any]])
                #expect("\(detail[0]["loc"] ?? "")".contains(place), "\(wrong)")
            }
        }
    }

    @Test("documents are annotated by their position, without an identifier")
    func documents() async throws {
        try await withSpan { api in
            let target = Target(form: .document, id: Self.spanID)
            let good = body(target, more: #", "document_position": 2"#)
            let posted = try await api.object(.post, "/v1/document_annotations?sync=true", good)
            #expect((posted["data"] as? [Any])?.count == 1)
            #expect(try await api.send(.post, "/v1/document_annotations", body(target)).status == .unprocessableContent)
            let identified = body(target, identifier: "x", more: #", "document_position": 2"#)
            #expect(
                try await api.send(.post, "/v1/document_annotations", identified).status == .unprocessableContent)
        }
    }

    @Test("notes pile up, unless their identifier is the same")
    func notes() async throws {
        try await withSpan { api in
            for target in Self.targets {
                let path = "/v1/\(target.form.subject.rawValue)_notes"
                func post(_ note: String, _ identifier: String = "") async throws -> String? {
                    let body = """
                        {"data": {"\(target.form.idField)": "\(target.id)", "note": "\(note)", "identifier": "\(identifier)"}}
                        """
                    return try await api.object(.post, path, body).text("data.id")
                }
                let ids = [
                    try await post("one"), try await post("two"), try await post("a", "x"), try await post("b", "x"),
                ]
                #expect(Set(ids).count == 3 && ids[2] == ids[3])
                let identified = try await api.list("/v1/projects/p/\(target.form.path)?identifier=x")
                #expect(identified.map { $0.text("result.explanation") } == ["b"])
                #expect(identified.map { $0.text("name") } == ["note"])
                let empty = try await api.send(
                    .post, path, #"{"data": {"\#(target.form.idField)": "\#(target.id)", "note": ""}}"#)
                #expect(empty.status == .unprocessableContent)
            }
        }
    }

    @Test("a project's annotations are filtered by name and paged by cursor, and need a filter")
    func list() async throws {
        try await withSpan { api in
            let span = Self.targets[0]
            for name in ["a", "b", "c"] {
                _ = try await api.object(
                    .post, "/v1/span_annotations?sync=true", body(span, name: name, identifier: "i"))
            }
            let path = "/v1/projects/p/span_annotations"
            #expect(try await api.send(.get, path).status == .unprocessableContent)
            #expect(try await api.send(.get, path + "?identifier=").status == .unprocessableContent)
            #expect(try await api.send(.get, path + "?span_ids=00000000000000ff").status == .notFound)
            #expect(try await api.send(.get, path + "?identifier=i&cursor=nonsense").status == .unprocessableContent)
            #expect(try await api.allPages(path + "?identifier=i&limit=2", "name") == ["c", "b", "a"])
            #expect(
                try await api.allPages(
                    path + "?identifier=i&include_annotation_names=a&include_annotation_names=b", "name")
                    == ["b", "a"])
            #expect(
                try await api.allPages(path + "?span_ids=\(span.id)&exclude_annotation_names=a", "name") == ["c", "b"])
        }
    }

    @Test("deleting needs a span of time or the word all, and takes what is named")
    func deletion() async throws {
        try await withSpan { api in
            for target in Self.targets {
                let path = "/v1/projects/p/\(target.form.path)"
                for name in ["a", "b"] {
                    _ = try await api.object(
                        .post, "/v1/\(target.form.path)?sync=true", body(target, name: name, identifier: "i"))
                }
                for query in [
                    "", "?name=a", "?start_time=2026-01-01T00:00:00Z", "?delete_all=true&name=",
                    "?start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z",
                    "?delete_all=true&annotator_kind=X",
                ] {
                    #expect(try await api.send(.delete, path + query).status == .unprocessableContent, "\(query)")
                }
                let past = "?start_time=2000-01-01T00:00:00&end_time=2001-01-01T00:00:00"
                #expect(try await api.send(.delete, path + past).status == .noContent)
                #expect(
                    try await api.send(.delete, path + "?delete_all=true&annotator_kind=HUMAN").status == .noContent)
                #expect(try await api.allPages(path + "?identifier=i", "name") == ["b", "a"])
                #expect(try await api.send(.delete, path + "?delete_all=true&name=a").status == .noContent)
                #expect(try await api.allPages(path + "?identifier=i", "name") == ["b"])
            }
            #expect(
                try await api.send(.delete, "/v1/projects/none/span_annotations?delete_all=true").status == .notFound)
        }
    }
}
