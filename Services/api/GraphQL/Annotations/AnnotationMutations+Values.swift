import Access
import GraphQL
import HTTP
import Storage

/// What the mutations of all kinds of annotations ask of what they are given.
extension AnnotationMutations {
    /// Where authentication is off nobody's annotations are everybody's.
    private static func mayChange(_ record: AnnotationRecord, _ actor: Principal) -> Bool {
        if case .anyone = actor { return true }
        return record.content.userID == actor.userID
    }

    /// Throws unless the annotation is the actor's to change.
    static func requireAuthor(_ record: AnnotationRecord, _ actor: Principal) throws {
        guard mayChange(record, actor) else { throw ExpectedError("Only the author of an annotation may change it") }
    }

    /// Throws unless the annotation is the actor's to delete.
    static func requireAuthorOrAdmin(_ record: AnnotationRecord, _ actor: Principal) throws {
        guard actor.role.isAdmin || mayChange(record, actor) else {
            throw ExpectedError("Only the author of an annotation or an admin may delete it")
        }
    }

    /// Throws unless annotations are named, each of them once.
    static func checkNamed(_ ids: [Int64]) throws {
        guard !ids.isEmpty else { throw ExpectedError("No annotations given") }
        guard Set(ids).count == ids.count else { throw ExpectedError("An annotation is named more than once") }
    }

    static func name(_ text: String) throws -> String {
        let name = text.trimmingWhitespace()
        guard !name.isEmpty else { throw ExpectedError("The name of an annotation cannot be empty") }
        guard name != AnnotationContent.noteName else {
            throw ExpectedError("The name '\(AnnotationContent.noteName)' is reserved for notes")
        }
        return name
    }

    static func kind(_ fields: Arguments) throws -> AnnotatorKind? {
        let kind: AnnotationTypes.Kind? = try fields.value("annotatorKind")
        return kind.flatMap { AnnotatorKind(rawValue: $0.rawValue) }
    }

    static func source(_ fields: Arguments) throws -> AnnotationSource? {
        let source: AnnotationTypes.Source? = try fields.value("source")
        return source.flatMap { AnnotationSource(rawValue: $0.rawValue) }
    }

    /// A JSON object as it is stored.
    static func metadata(_ fields: Arguments) throws -> String? {
        guard let value = fields["metadata"], !value.isNull else { return nil }
        guard case .object = value else { throw ExpectedError("metadata must be a JSON object") }
        var writer = HTTP.JSONWriter()
        write(value, to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func write(_ value: InputValue, to writer: inout HTTP.JSONWriter) {
        switch value {
        case .null: writer.null()
        case .boolean(let value): writer.value(value)
        case .int(let value): writer.value(value)
        case .float(let value): writer.value(value)
        case .string(let text), .enumValue(let text): writer.value(text)
        case .list(let items): writer.array(items) { write($1, to: &$0) }
        case .object(let fields):
            writer.object { writer in
                for field in fields {
                    writer.key(field.name)
                    write(field.value, to: &writer)
                }
            }
        }
    }
}
