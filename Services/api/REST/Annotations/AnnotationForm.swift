import Domain
import HTTP
import Storage

/// How REST speaks of one kind of target and its annotations.
struct AnnotationForm: Sendable {
    let subject: AnnotationSubject
    /// The path's last part: `span_annotations`.
    let path: String
    /// The field with the target's own id: `span_id`.
    let idField: String
    /// Of the annotations' node ids.
    let typeName: String
    /// In messages: `Spans`.
    let plural: String

    static let span = AnnotationForm(
        subject: .span, path: "span_annotations", idField: "span_id", typeName: "SpanAnnotation", plural: "Spans")
    static let document = AnnotationForm(
        subject: .document, path: "document_annotations", idField: "span_id", typeName: "DocumentAnnotation",
        plural: "Spans")
    static let trace = AnnotationForm(
        subject: .trace, path: "trace_annotations", idField: "trace_id", typeName: "TraceAnnotation", plural: "Traces")
    static let session = AnnotationForm(
        subject: .session, path: "session_annotations", idField: "session_id", typeName: "ProjectSessionAnnotation",
        plural: "Sessions")

    static let all = [span, document, trace, session]

    /// The key of a target by the id that clients write; nil for what cannot be one.
    func key(_ id: String) -> [UInt8]? {
        switch subject {
        case .span, .document: SpanID(hex: id)?.bytes
        case .trace: TraceID(hex: id)?.bytes
        case .session: id.isEmpty || id.utf8.contains(0) ? nil : Array(id.utf8)
        }
    }

    /// The id that clients write for a key.
    func id(_ key: [UInt8]) -> String {
        subject == .session ? String(decoding: key, as: UTF8.self) : Hex.encode(key)
    }

    /// 404 for targets that are not there.
    func notFound(_ ids: [String]) -> APIError {
        .notFound("\(plural) with IDs \(ids.joined(separator: ", ")) do not exist.")
    }
}

extension JSONWriter {
    /// An annotation as REST shows it.
    mutating func annotation(_ annotation: AnnotationRecord, _ form: AnnotationForm) {
        let content = annotation.content
        object {
            $0.field("id", GlobalID(form.typeName, annotation.id))
            $0.field("created_at", time: annotation.createdAt)
            $0.field("updated_at", time: annotation.updatedAt)
            $0.field("source", content.source.rawValue)
            $0.field("user_id", content.userID.map { GlobalID("User", $0).description })
            $0.field("name", content.name)
            $0.field("annotator_kind", content.annotatorKind.rawValue)
            $0.field("result") {
                $0.field("label", content.label)
                $0.field("score", content.score)
                $0.field("explanation", content.explanation)
            }
            $0.field("metadata", raw: Array(content.metadata.utf8))
            $0.field("identifier", content.identifier)
            $0.field(form.idField, form.id(annotation.targetKey))
        }
    }
}
