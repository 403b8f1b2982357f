import GraphQL
import Storage

/// All annotations of a name are deleted in a project, whoever made them.
enum ProjectAnnotationMutations {
    static let part = APISchema.Part(types: [timeField, input, payload, mutation])

    private enum TimeField: String, GraphQLEnum, Hashable {
        case created = "ANNOTATION_CREATED_AT"
        case targetStart = "SOURCE_START_TIME"
    }

    private static let timeField = EnumType(
        "AnnotationTimeRangeField", TimeField.self, description: "Which of an annotation's times is meant.")

    private static let input = InputObjectType(
        "DeleteProjectAnnotationsInput", description: "Which annotations are to go.",
        fields: [
            .argument("projectId", .nonNull(.id)), .argument("annotationName", .nonNull(.string)),
            .argument("timeRange", .named("TimeRange"), description: "Only those of this stretch of time."),
            .argument(
                "timeRangeField", .nonNull(.named("AnnotationTimeRangeField")),
                default: .enumValue("ANNOTATION_CREATED_AT"),
                description: "Whether they were made then, or what they are of began then."),
        ])

    private struct Input: InputObjectDecodable {
        let removal: AnnotationRemoval

        init(fields: Arguments) throws {
            var removal = AnnotationRemoval(projectID: try fields.id("projectId", of: "Project"))
            let name = try fields.string("annotationName")
            guard !name.isEmpty else { throw ExpectedError("annotationName is needed") }
            removal.name = name
            let range: TimeRange? = try fields.value("timeRange")
            (removal.startTime, removal.endTime) = (range?.start, range?.end)
            let field: TimeField = try fields.value("timeRangeField")
            removal.timeField = field == .created ? .created : .targetStart
            self.removal = removal
        }
    }

    private static let payload: Object<Int> = ObjectType(
        "DeleteProjectAnnotationsByNamePayload", description: "What has gone."
    ) { type in
        type.field("deletedAnnotationCount", .nonNull(.int), description: "How many annotations.") { $0 }
        Roots.addQuery(to: &type)
    }

    private static let mutation = Roots.mutation.extended { type in
        for (name, subject) in [("Span", AnnotationSubject.span), ("Trace", .trace), ("Session", .session)] {
            type.asyncField(
                "deleteProject\(name)Annotations", .nonNull(.named("DeleteProjectAnnotationsByNamePayload")),
                description: "Deletes the annotations of a name, whoever made them.",
                arguments: [.argument("input", .nonNull(.named("DeleteProjectAnnotationsInput")))]
            ) { _, field in
                let removal = try field.argument("input", as: Input.self).removal
                guard try await field.context.repositories.projects.project(id: removal.projectID) != nil else {
                    throw ExpectedError("Project not found")
                }
                return payload(try await field.context.repositories.annotations(subject).remove(removal))
            }
        }
    }
}
