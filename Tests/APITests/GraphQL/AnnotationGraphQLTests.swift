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
        let span = TestSpan(trace: 1, id: 1, start: 0, end: 1000)
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
}
