import Access
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Storage
import TestSupport
import Testing

@testable import bennu_api

/// The third user is a member, the fourth a viewer; anybody else administers.
private struct ByNumber: Authenticating {
    func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal {
        guard let id = authorization.flatMap(Int64.init) else { throw .missing }
        return .user(id: id, role: id == 3 ? .member : id == 4 ? .viewer : .admin, credential: .accessToken(id))
    }
}

@Suite("Annotations over GraphQL", .serialized)
struct AnnotationGraphQLTests {
    private func ask(_ api: APIFixture, _ query: String, as user: Int? = nil) async throws -> String {
        let body = String(decoding: try JSONEncoder().encode(["query": query]), as: UTF8.self)
        let headers: HTTPFields = user.map { [.authorization: "\($0)"] } ?? [:]
        return try await api.send(.post, "/graphql", body, headers: headers).text
    }

    private func id(_ type: String, _ number: Int) -> String {
        Data("\(type):\(number)".utf8).base64EncodedString()
    }

    private func store(_ api: APIFixture) async throws {
        try await api.database.write { connection in
            for (name, role) in [("system", "SYSTEM"), ("admin", "ADMIN"), ("max", "MEMBER"), ("vera", "VIEWER")] {
                _ = try UserRepository.insert(
                    UserDraft(name: name, email: "\(name)@example.com", role: role, method: .local), on: connection)
            }
        }
        var span = TestSpan(trace: 1, id: 1, start: 0, end: 1000)
        span.session = "talk"
        span.attributes = #"{"retrieval":{"documents":[{},{},{}]}}"#
        try await api.writer.write(TestSpan.batch([span]), project: "p")
    }

    @Test("an annotation is made, read, changed by its author alone, and deleted")
    func life() async throws {
        try await withAPI(authenticator: ByNumber()) { api in
            try await store(api)
            let span = id("Span", 1)
            let fields = "id name label score metadata annotatorKind source user{username} span{spanId}"
            let made = try await ask(
                api,
                #"mutation{createSpanAnnotations(input:[{spanId:"\#(span)",name:"tone",annotatorKind:HUMAN,label:"kind",score:0.5,metadata:{a:[1,null,"x"]},source:APP}]){spanAnnotations{\#(fields)} query{__typename}}}"#,
                as: 3)
            let annotation = id("SpanAnnotation", 1)
            #expect(
                made
                    == #"{"data":{"createSpanAnnotations":{"spanAnnotations":[{"id":"\#(annotation)","name":"tone","label":"kind","score":0.5,"metadata":{"a":[1,null,"x"]},"annotatorKind":"HUMAN","source":"APP","user":{"username":"max"},"span":{"spanId":"0000000000000001"}}],"query":{"__typename":"Query"}}}}"#
            )
            let patch =
                #"mutation{patchSpanAnnotations(input:[{annotationId:"\#(annotation)",label:null,score:1}]){spanAnnotations{label score name}}}"#
            let stranger = try await ask(api, patch, as: 2)
            #expect(stranger.contains("Only the author of an annotation may change it"))
            let patched = try await ask(api, patch, as: 3)
            #expect(
                patched
                    == #"{"data":{"patchSpanAnnotations":{"spanAnnotations":[{"label":null,"score":1.0,"name":"tone"}]}}}"#
                    || patched
                        == #"{"data":{"patchSpanAnnotations":{"spanAnnotations":[{"label":null,"score":1,"name":"tone"}]}}}"#
            )
            let deletion =
                #"mutation{deleteSpanAnnotations(input:{annotationIds:["\#(annotation)"]}){spanAnnotations{name}}}"#
            let viewer = try await ask(api, deletion, as: 4)
            #expect(viewer.contains("Viewers cannot perform this action"))
            let admin = try await ask(api, deletion, as: 2)
            #expect(admin == #"{"data":{"deleteSpanAnnotations":{"spanAnnotations":[{"name":"tone"}]}}}"#)
            let again = try await ask(api, deletion, as: 2)
            #expect(again.contains("Annotation not found"))
        }
    }

    @Test("notes are apart, and lists follow filter and order")
    func reading() async throws {
        try await withAPI { api in
            try await store(api)
            let (span, trace) = (id("Span", 1), id("Trace", 1))
            for (name, label) in [("b", "1"), ("a", "2")] {
                let made = try await ask(
                    api,
                    #"mutation{createSpanAnnotations(input:[{spanId:"\#(span)",name:"\#(name)",annotatorKind:CODE,label:"\#(label)",metadata:{},source:API}]){spanAnnotations{id}}}"#
                )
                #expect(!made.contains("errors"))
            }
            let note = try await ask(
                api,
                #"mutation{createSpanNote(annotationInput:{spanId:"\#(span)",note:"look"}){spanAnnotations{explanation}}}"#
            )
            #expect(note == #"{"data":{"createSpanNote":{"spanAnnotations":[{"explanation":"look"}]}}}"#)
            let onTrace = try await ask(
                api,
                #"mutation{createTraceAnnotations(input:[{traceId:"\#(trace)",name:"t",annotatorKind:LLM,metadata:{},source:API}]){traceAnnotations{name trace{traceId}}}}"#
            )
            #expect(onTrace.contains(#""name":"t","trace":{"traceId":"#))
            let read = try await ask(
                api,
                #"{node(id:"\#(span)"){... on Span{spanNotes{explanation} spanAnnotations(sort:{col:name,dir:asc}){name} some:spanAnnotations(filter:{exclude:{names:["a"]}}){name} trace{traceAnnotations{name}}}}}"#
            )
            #expect(
                read
                    == #"{"data":{"node":{"spanNotes":[{"explanation":"look"}],"spanAnnotations":[{"name":"a"},{"name":"b"}],"some":[{"name":"b"}],"trace":{"traceAnnotations":[{"name":"t"}]}}}}"#
            )
            let missing = try await ask(
                api,
                #"mutation{createSpanAnnotations(input:[{spanId:"\#(id("Span", 99))",name:"x",annotatorKind:CODE,metadata:{},source:API}]){spanAnnotations{id}}}"#
            )
            #expect(missing.contains("Span not found"))
        }
    }

    @Test("a session's annotation is made, changed by its author alone, and deleted")
    func sessions() async throws {
        try await withAPI(authenticator: ByNumber()) { api in
            try await store(api)
            let session = id("ProjectSession", 1)
            let made = try await ask(
                api,
                #"mutation{createProjectSessionAnnotations(input:{projectSessionId:"\#(session)",name:" mood ",label:"calm",score:0.5,explanation:"so",metadata:{a:1},identifier:"x"}){projectSessionAnnotation{id name label score explanation metadata identifier annotatorKind source user{username} projectSession{sessionId}}}}"#,
                as: 3)
            let annotation = id("ProjectSessionAnnotation", 1)
            #expect(
                made
                    == #"{"data":{"createProjectSessionAnnotations":{"projectSessionAnnotation":{"id":"\#(annotation)","name":"mood","label":"calm","score":0.5,"explanation":"so","metadata":{"a":1},"identifier":"x","annotatorKind":"HUMAN","source":"APP","user":{"username":"max"},"projectSession":{"sessionId":"talk"}}}}}"#
            )
            let update =
                #"mutation{updateProjectSessionAnnotations(input:{id:"\#(annotation)",name:"mood",score:0.25,metadata:{}}){projectSessionAnnotation{label score identifier}}}"#
            let stranger = try await ask(api, update, as: 2)
            #expect(stranger.contains("Only the author of an annotation may change it"))
            let updated = try await ask(api, update, as: 3)
            #expect(
                updated
                    == #"{"data":{"updateProjectSessionAnnotations":{"projectSessionAnnotation":{"label":null,"score":0.25,"identifier":"x"}}}}"#
            )
            let deletion =
                #"mutation{deleteProjectSessionAnnotation(id:"\#(annotation)"){projectSessionAnnotation{name}}}"#
            let viewer = try await ask(api, deletion, as: 4)
            #expect(viewer.contains("Viewers cannot perform this action"))
            let admin = try await ask(api, deletion, as: 2)
            #expect(
                admin == #"{"data":{"deleteProjectSessionAnnotation":{"projectSessionAnnotation":{"name":"mood"}}}}"#)
            let again = try await ask(api, deletion, as: 2)
            #expect(again.contains("Annotation not found"))
            let nowhere = try await ask(
                api,
                #"mutation{createProjectSessionAnnotations(input:{projectSessionId:"\#(id("ProjectSession", 9))",name:"a",label:"b",metadata:{}}){query{__typename}}}"#,
                as: 3)
            #expect(nowhere.contains("Session not found"))
            let empty = try await ask(
                api,
                #"mutation{createProjectSessionAnnotations(input:{projectSessionId:"\#(session)",name:"a",label:"",metadata:{}}){query{__typename}}}"#,
                as: 3)
            #expect(empty.contains("At least one of label, score and explanation is needed"))
        }
    }

    @Test("annotations to be changed or deleted are named, each once")
    func named() async throws {
        try await withAPI(authenticator: ByNumber()) { api in
            try await store(api)
            let one = id("SpanAnnotation", 1)
            let patch = #"{annotationId:"\#(one)",label:"a"}"#
            for (mutation, message) in [
                ("patchSpanAnnotations(input:[])", "No annotations given"),
                ("patchSpanAnnotations(input:[\(patch),\(patch)])", "An annotation is named more than once"),
                ("deleteTraceAnnotations(input:{annotationIds:[]})", "No annotations given"),
                (
                    #"deleteSpanAnnotations(input:{annotationIds:["\#(one)","\#(one)"]})"#,
                    "An annotation is named more than once"
                ),
            ] {
                let answer = try await ask(api, "mutation{\(mutation){query{__typename}}}", as: 3)
                #expect(answer.contains(message), "\(mutation)")
            }
        }
    }

    @Test("documents of a span are annotated by position, changed by the author alone, and found by id")
    func documents() async throws {
        try await withAPI(authenticator: ByNumber()) { api in
            try await store(api)
            let span = id("Span", 1)
            let fields = "id name documentPosition score span{spanId}"
            let create = { (position: Int) in
                #"mutation{createDocumentAnnotations(input:[{spanId:"\#(span)",documentPosition:\#(position),name:"fit",annotatorKind:LLM,score:0.5,metadata:{},source:API}]){documentAnnotations{\#(fields)}}}"#
            }
            let made = try await ask(api, create(2), as: 3)
            let annotation = id("DocumentAnnotation", 1)
            let shown =
                #"{"id":"\#(annotation)","name":"fit","documentPosition":2,"score":0.5,"span":{"spanId":"0000000000000001"}}"#
            #expect(made == #"{"data":{"createDocumentAnnotations":{"documentAnnotations":[\#(shown)]}}}"#)
            for position in [-1, 3] {
                let beyond = try await ask(api, create(position), as: 3)
                #expect(beyond.contains("documentPosition \(position) is none of the span's: it has 3 documents"))
            }
            let node = try await ask(api, #"{node(id:"\#(annotation)"){... on DocumentAnnotation{\#(fields)}}}"#, as: 4)
            #expect(node == #"{"data":{"node":\#(shown)}}"#)
            let patch =
                #"mutation{patchDocumentAnnotations(input:[{annotationId:"\#(annotation)",label:"good"}]){documentAnnotations{label score}}}"#
            let stranger = try await ask(api, patch, as: 2)
            #expect(stranger.contains("Only the author of an annotation may change it"))
            let patched = try await ask(api, patch, as: 3)
            #expect(
                patched
                    == #"{"data":{"patchDocumentAnnotations":{"documentAnnotations":[{"label":"good","score":0.5}]}}}"#)
            let read = try await ask(
                api, #"{node(id:"\#(span)"){... on Span{documentEvaluations{name label documentPosition}}}}"#, as: 4)
            #expect(
                read
                    == #"{"data":{"node":{"documentEvaluations":[{"name":"fit","label":"good","documentPosition":2}]}}}"#
            )
            let deleted = try await ask(
                api,
                #"mutation{deleteDocumentAnnotations(input:{annotationIds:["\#(annotation)"]}){documentAnnotations{name}}}"#,
                as: 2)
            #expect(deleted == #"{"data":{"deleteDocumentAnnotations":{"documentAnnotations":[{"name":"fit"}]}}}"#)
        }
    }
}
