import Domain
import HTTP
import Storage

/// An annotation as clients post it.
struct SubmittedAnnotation: Sendable {
    /// The target's own id as it was written.
    var targetID: String
    /// Nil where the id cannot be one, so that nothing will ever have it.
    var annotation: NewAnnotation?

    /// The annotations of a body. Throws `ValidationError` for the first that is none, 400 for one named `note`.
    static func all(
        inBody bytes: [UInt8], _ form: AnnotationForm, userID: Int64?, now: Int64 = SystemClock.now()
    ) throws -> [SubmittedAnnotation] {
        try BodyFields(body: bytes).objects("data").map {
            try SubmittedAnnotation($0, form, userID: userID, now: now)
        }
    }

    private init(_ fields: BodyFields, _ form: AnnotationForm, userID: Int64?, now: Int64) throws {
        let result = try fields.object("result")
        var content = AnnotationContent(
            name: try fields.text("name").trimmingWhitespace(),
            identifier: try fields.optionalText("identifier") ?? "",
            annotatorKind: try fields.choice("annotator_kind", AnnotatorKind.self),
            label: try result?.optionalText("label"), score: try result?.optionalNumber("score"),
            explanation: try result?.optionalText("explanation"), userID: userID)
        content.metadata = try fields.objectText("metadata") ?? "{}"
        guard !content.name.isEmpty else {
            throw ValidationError(fields.path + [.key("name")], "must not be empty")
        }
        guard content.name != AnnotationContent.noteName else {
            throw APIError(
                .badRequest,
                "The name 'note' is reserved for notes; use the route for notes of \(form.plural.lowercased())")
        }
        var position: Int64?
        if form.subject == .document {
            guard content.identifier.isEmpty else {
                throw APIError.invalid("a document's annotation cannot have an identifier")
            }
            position = try fields.wholeNumber("document_position")
        }
        targetID = try fields.text(form.idField).trimmingWhitespace()
        annotation = form.key(targetID).map { key in
            NewAnnotation(target: .key(key), documentPosition: position, content: content, time: now)
        }
    }
}
