import Access
import Domain
import Foundation
import HTTP
import Hummingbird
import Storage

/// `/v1/span_notes`, `/v1/trace_notes` and `/v1/session_notes`: annotations named `note`, of which a target has many.
struct NoteRoutes: Sendable {
    let repositories: Repositories
    let bodyBytesMax: Int

    func add<Context: AuthenticatedRequestContext>(to router: Router<Context>) {
        for form in [AnnotationForm.span, .trace, .session] {
            router.post("/v1/\(form.subject.rawValue)_notes") { request, context in
                try await create(form, request, userID: context.principal?.userID)
            }
        }
    }

    private func create(_ form: AnnotationForm, _ request: Request, userID: Int64?) async throws -> Response {
        let body = try BodyFields(body: try await request.jsonBytes(max: bodyBytesMax))
        guard let fields = try body.object("data") else { throw body.missing("data") }
        let targetID = try fields.text(form.idField)
        let note = try fields.text("note")
        guard !targetID.isEmpty else { throw fields.error(form.idField, "String should have at least 1 character") }
        guard !note.isEmpty else { throw fields.error("note", "String should have at least 1 character") }
        let given = try fields.optionalText("identifier") ?? ""
        guard let key = form.key(targetID) else { throw form.notFound([targetID]) }
        do {
            let id = try await repositories.annotations(form.subject).store([
                .note(note, on: .key(key), identifier: given, form.subject, source: .api, userID: userID)
            ])
            return Response.json { json in
                json.object { $0.field("data") { $0.field("id", GlobalID(form.typeName, id[0])) } }
            }
        } catch is MissingTargets {
            throw form.notFound([targetID])
        }
    }
}

extension NewAnnotation {
    /// A note. Without an identifier it gets one of its own, and so takes no other note's place.
    static func note(
        _ text: String, on target: AnnotationTarget, identifier: String = "", _ subject: AnnotationSubject,
        source: AnnotationSource, userID: Int64?
    ) -> NewAnnotation {
        let identifier =
            identifier.isEmpty ? "px-\(subject.rawValue)-note:\(UUID().uuidString.lowercased())" : identifier
        return NewAnnotation(
            target: target,
            content: AnnotationContent(
                name: AnnotationContent.noteName, identifier: identifier, annotatorKind: .human, explanation: text,
                source: source, userID: userID))
    }
}
