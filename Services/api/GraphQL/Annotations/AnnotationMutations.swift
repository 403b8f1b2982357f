import Access
import Database
import Domain
import GraphQL
import Storage

/// Annotations of spans, their documents and traces are made, changed and deleted. Only who made one may change it; deleting it is for them and
/// for administrators.
enum AnnotationMutations {
    static let part = APISchema.Part(types: inputs + [spanPayload, documentPayload, tracePayload, mutation])

    /// Spans, documents or traces, as far as annotating them goes.
    private struct Target: Sendable {
        let subject: AnnotationSubject
        /// `Span`, `Document` or `Trace`, of which the names of everything else are made.
        let name: String
        let payload: Object<[AnnotationRecord]>

        /// Documents have no ids: they are their span's by position.
        var nodeType: String { subject == .document ? "Span" : name }
        var idField: String { "\(nodeType.lowercased())Id" }

        static let span = Target(subject: .span, name: "Span", payload: spanPayload)
        static let document = Target(subject: .document, name: "Document", payload: documentPayload)
        static let trace = Target(subject: .trace, name: "Trace", payload: tracePayload)

        static let all = [span, document, trace]
    }

    // MARK: Inputs

    private static let inputs: [any TypeDeclaration] =
        Target.all.map { target in
            InputObjectType(
                "Create\(target.name)AnnotationInput", description: "A new annotation.",
                fields: [.argument(target.idField, .nonNull(.id))] + position(target) + [
                    .argument("name", .nonNull(.string)), .argument("annotatorKind", .nonNull(.named("AnnotatorKind"))),
                    .argument("label", .string, default: .null), .argument("score", .float, default: .null),
                    .argument("explanation", .string, default: .null), .argument("metadata", .nonNull(.named("JSON"))),
                    .argument("source", .nonNull(.named("AnnotationSource"))), .argument("identifier", .string),
                ])
        } + [
            InputObjectType(
                "PatchAnnotationInput", description: "What is to be different; what is left out stays.",
                fields: [
                    .argument("annotationId", .nonNull(.id)), .argument("name", .string),
                    .argument("annotatorKind", .named("AnnotatorKind")), .argument("label", .string),
                    .argument("score", .float), .argument("explanation", .string),
                    .argument("metadata", .named("JSON")),
                    .argument("identifier", .string), .argument("source", .named("AnnotationSource")),
                ]),
            InputObjectType(
                "DeleteAnnotationsInput", description: "What is to go.",
                fields: [.argument("annotationIds", .nonNull(.list(.nonNull(.id))))]),
            InputObjectType(
                "CreateSpanNoteInput", description: "A note on a span.",
                fields: [.argument("spanId", .nonNull(.id)), .argument("note", .nonNull(.string))]),
        ]

    private static func position(_ target: Target) -> [SchemaInputValue] {
        guard target.subject == .document else { return [] }
        return [.argument("documentPosition", .nonNull(.int), description: "Counted from 0.")]
    }

    private struct Input: InputObjectDecodable {
        let fields: Arguments

        /// Nil but for documents.
        func position() throws -> Int64? { try fields.optionalInt("documentPosition").map(Int64.init) }
    }

    // MARK: Payloads

    private static let spanPayload: Object<[AnnotationRecord]> = ObjectType(
        "SpanAnnotationMutationPayload", description: "Annotations as they are now, or were."
    ) { type in
        type.field("spanAnnotations", .listOf(.named("SpanAnnotation")), description: "The annotations.") {
            AnnotationTypes.span($0)
        }
        Roots.addQuery(to: &type)
    }

    private static let documentPayload: Object<[AnnotationRecord]> = ObjectType(
        "DocumentAnnotationMutationPayload", description: "Annotations as they are now, or were."
    ) { type in
        type.field("documentAnnotations", .listOf(.named("DocumentAnnotation")), description: "The annotations.") {
            AnnotationTypes.document($0)
        }
        Roots.addQuery(to: &type)
    }

    private static let tracePayload: Object<[AnnotationRecord]> = ObjectType(
        "TraceAnnotationMutationPayload", description: "Annotations as they are now, or were."
    ) { type in
        type.field("traceAnnotations", .listOf(.named("TraceAnnotation")), description: "The annotations.") {
            AnnotationTypes.trace($0)
        }
        Roots.addQuery(to: &type)
    }

    // MARK: Mutations

    private static let mutation = Roots.mutation.extended { type in
        for target in Target.all {
            let payload = WrappedType.nonNull(.named("\(target.name)AnnotationMutationPayload"))
            type.asyncField(
                "create\(target.name)Annotations", payload, description: "Says something of each.",
                arguments: [.argument("input", .listOf(.named("Create\(target.name)AnnotationInput")))]
            ) { _, field in try await create(target, field) }
            type.asyncField(
                "patch\(target.name)Annotations", payload, description: "Changes one's own annotations.",
                arguments: [.argument("input", .listOf(.named("PatchAnnotationInput")))]
            ) { _, field in try await patch(target, field) }
            type.asyncField(
                "delete\(target.name)Annotations", payload, description: "Deletes annotations.",
                arguments: [.argument("input", .nonNull(.named("DeleteAnnotationsInput")))]
            ) { _, field in try await delete(target, field) }
        }
        type.asyncField(
            "createSpanNote", .nonNull(.named("SpanAnnotationMutationPayload")),
            description: "Notes something on a span.",
            arguments: [.argument("annotationInput", .nonNull(.named("CreateSpanNoteInput")))]
        ) { _, field in
            let input: Input = try field.argument("annotationInput")
            let note = try input.fields.string("note")
            guard !note.isEmpty else { throw ExpectedError("A note cannot be empty") }
            let id = try input.fields.id("spanId", of: "Span")
            return try await store(
                [.note(note, on: .row(id), .span, source: .app, userID: field.context.principal.userID)], .span, field)
        }
    }

    private static func create(_ target: Target, _ field: Field) async throws -> OutputValue {
        let inputs: [Input] = try field.argument("input")
        guard !inputs.isEmpty else { throw ExpectedError("No annotations given") }
        let annotations = try inputs.map { input in
            NewAnnotation(
                target: .row(try input.fields.id(target.idField, of: target.nodeType)),
                documentPosition: try input.position(),
                content: AnnotationContent(
                    name: try name(input.fields.string("name")),
                    identifier: try input.fields.optionalString("identifier") ?? "",
                    annotatorKind: try kind(input.fields) ?? .human, label: try input.fields.optionalString("label"),
                    score: try input.fields.optionalDouble("score"),
                    explanation: try input.fields.optionalString("explanation"),
                    metadata: try metadata(input.fields) ?? "{}", source: try source(input.fields) ?? .api,
                    userID: field.context.principal.userID))
        }
        if target.subject == .document { try await checkPositions(annotations, field) }
        return try await store(annotations, target, field)
    }

    /// Throws unless the spans that are there have the documents.
    private static func checkPositions(_ annotations: [NewAnnotation], _ field: Field) async throws {
        let spans = annotations.compactMap { annotation in
            if case .row(let id) = annotation.target { id } else { nil }
        }
        let attributes = try await field.context.repositories.spans.attributes(of: Array(Set(spans)))
        let counts = attributes.mapValues { SpanBodyFields.documentCount($0) ?? 0 }
        for (span, annotation) in zip(spans, annotations) {
            guard let count = counts[span], let position = annotation.documentPosition else { continue }
            guard (0..<Int64(count)).contains(position) else {
                throw ExpectedError("documentPosition \(position) is none of the span's: it has \(count) documents")
            }
        }
    }

    private static func store(
        _ annotations: [NewAnnotation], _ target: Target, _ field: Field
    ) async throws -> OutputValue {
        let repository = field.context.repositories.annotations(target.subject)
        do {
            let ids = try await repository.store(annotations)
            let stored = try await repository.annotations(ids: ids)
            return .object(target.payload, ids.compactMap { stored[$0] })
        } catch is MissingTargets {
            throw ExpectedError("\(target.nodeType) not found")
        }
    }

    private static func patch(_ target: Target, _ field: Field) async throws -> OutputValue {
        let inputs: [Input] = try field.argument("input")
        let typeName = "\(target.name)Annotation"
        let ids = try inputs.map { try $0.fields.id("annotationId", of: typeName) }
        try checkNamed(ids)
        let patches = Dictionary(zip(ids, inputs.map(\.fields)), uniquingKeysWith: { first, _ in first })
        let actor = field.context.principal
        do {
            let changed = try await field.context.repositories.annotations(target.subject).update(
                Array(patches.keys)
            ) { record in
                try requireAuthor(record, actor)
                if let fields = patches[record.id] { try apply(fields, to: &record.content) }
            }
            guard changed.count == patches.count else { throw ExpectedError("Annotation not found") }
            return .object(target.payload, changed)
        } catch DatabaseError.uniqueViolation {
            throw ExpectedError("The \(target.subject.rawValue) has another annotation of this name and identifier")
        }
    }

    private static func apply(_ fields: Arguments, to content: inout AnnotationContent) throws {
        if let text = try fields.optionalString("name") { content.name = try name(text) }
        if let kind = try kind(fields) { content.annotatorKind = kind }
        if let source = try source(fields) { content.source = source }
        if let text = try fields.optionalString("identifier") { content.identifier = text }
        if let text = try metadata(fields) { content.metadata = text }
        // These may be taken away, by null.
        if fields.contains("label") { content.label = try fields.optionalString("label") }
        if fields.contains("score") { content.score = try fields.optionalDouble("score") }
        if fields.contains("explanation") { content.explanation = try fields.optionalString("explanation") }
    }

    private static func delete(_ target: Target, _ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        let ids = try input.fields.ids("annotationIds", of: "\(target.name)Annotation")
        try checkNamed(ids)
        let actor = field.context.principal
        let gone = try await field.context.repositories.annotations(target.subject).remove(ids) {
            try requireAuthorOrAdmin($0, actor)
        }
        guard gone.count == ids.count else { throw ExpectedError("Annotation not found") }
        return .object(target.payload, gone)
    }
}
