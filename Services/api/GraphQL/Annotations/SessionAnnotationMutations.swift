import Access
import Database
import GraphQL
import Storage

/// Annotations of sessions are made, changed and deleted, one at a time, by the rules of all annotations.
enum SessionAnnotationMutations {
    static let part = APISchema.Part(types: [createInput, updateInput, payload, mutation])

    private static let typeName = "ProjectSessionAnnotation"

    private static let content: [SchemaInputValue] = [
        .argument("name", .nonNull(.string)),
        .argument("annotatorKind", .nonNull(.named("AnnotatorKind")), default: .enumValue("HUMAN")),
        .argument("label", .string, default: .null), .argument("score", .float, default: .null),
        .argument("explanation", .string, default: .null), .argument("metadata", .nonNull(.named("JSON"))),
        .argument("source", .nonNull(.named("AnnotationSource")), default: .enumValue("APP")),
    ]

    private static let createInput = InputObjectType(
        "CreateProjectSessionAnnotationInput", description: "A new annotation.",
        fields: [.argument("projectSessionId", .nonNull(.id))] + content + [.argument("identifier", .string)])

    private static let updateInput = InputObjectType(
        "UpdateAnnotationInput", description: "An annotation as it is to be; what is left out goes.",
        fields: [.argument("id", .nonNull(.id))] + content)

    private struct Input: InputObjectDecodable {
        let fields: Arguments

        /// Puts what is given into an annotation.
        func apply(to content: inout AnnotationContent) throws {
            content.name = try AnnotationMutations.name(fields.string("name"))
            content.annotatorKind = try AnnotationMutations.kind(fields) ?? .human
            content.label = try fields.optionalString("label")
            content.score = try fields.optionalDouble("score")
            content.explanation = try fields.optionalString("explanation")
            content.metadata = try AnnotationMutations.metadata(fields) ?? "{}"
            content.source = try AnnotationMutations.source(fields) ?? .app
        }
    }

    private static let payload: Object<AnnotationRecord> = ObjectType(
        "ProjectSessionAnnotationMutationPayload", description: "An annotation as it is now, or was."
    ) { type in
        type.field("projectSessionAnnotation", .nonNull(.named(typeName)), description: "The annotation.") {
            AnnotationTypes.session($0)
        }
        Roots.addQuery(to: &type)
    }

    private static let mutation = Roots.mutation.extended { type in
        let answer = WrappedType.nonNull(.named("ProjectSessionAnnotationMutationPayload"))
        type.asyncField(
            "createProjectSessionAnnotations", answer, description: "Says something of a session.",
            arguments: [.argument("input", .nonNull(.named("CreateProjectSessionAnnotationInput")))]
        ) { _, field in try await create(field) }
        type.asyncField(
            "updateProjectSessionAnnotations", answer, description: "Changes one's own annotation of a session.",
            arguments: [.argument("input", .nonNull(.named("UpdateAnnotationInput")))]
        ) { _, field in try await update(field) }
        type.asyncField(
            "deleteProjectSessionAnnotation", answer, description: "Deletes an annotation of a session.",
            arguments: [.argument("id", .nonNull(.id))]
        ) { _, field in try await delete(field) }
    }

    private static func create(_ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        var content = AnnotationContent(
            name: "", identifier: try input.fields.optionalString("identifier") ?? "", annotatorKind: .human,
            userID: field.context.principal.userID)
        try input.apply(to: &content)
        let texts = [content.label, content.explanation].compactMap(\.self).filter { !$0.isEmpty }
        guard content.score != nil || !texts.isEmpty else {
            throw ExpectedError("At least one of label, score and explanation is needed")
        }
        let target = AnnotationTarget.row(try input.fields.id("projectSessionId", of: "ProjectSession"))
        let repository = field.context.repositories.annotations(.session)
        do {
            let ids = try await repository.store([NewAnnotation(target: target, content: content)])
            return try answer(Array(try await repository.annotations(ids: ids).values))
        } catch is MissingTargets {
            throw ExpectedError("Session not found")
        }
    }

    private static func update(_ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        let actor = field.context.principal
        do {
            return try answer(
                try await field.context.repositories.annotations(.session).update(
                    [try input.fields.id("id", of: typeName)]
                ) { record in
                    try AnnotationMutations.requireAuthor(record, actor)
                    try input.apply(to: &record.content)
                })
        } catch DatabaseError.uniqueViolation {
            throw ExpectedError("The session has another annotation of this name and identifier")
        }
    }

    private static func delete(_ field: Field) async throws -> OutputValue {
        let actor = field.context.principal
        return try answer(
            try await field.context.repositories.annotations(.session).remove([
                try field.arguments.id("id", of: typeName)
            ]) { try AnnotationMutations.requireAuthorOrAdmin($0, actor) })
    }

    private static func answer(_ records: [AnnotationRecord]) throws -> OutputValue {
        guard let record = records.first else { throw ExpectedError("Annotation not found") }
        return payload(record)
    }
}
