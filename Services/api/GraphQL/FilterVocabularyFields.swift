import FilterLanguage
import Foundation
import GraphQL
import Storage

/// What filters of traces and sessions may be made of.
enum FilterVocabularyFields {
    static let part = APISchema.Part(types: [term, fields])

    private static let term: Object<FilterTerm> = ObjectType(
        "FilterVocabularyTerm", description: "A name that a filter may use."
    ) { type in
        type.field("name", .nonNull(.string), description: "As it is written.") { $0.name }
        type.field(
            "type", .nonNull(.string),
            description: "What it is compared with, or relation, containment or iterable for what is not compared."
        ) { $0.kind.rawValue }
        type.field("description", .nonNull(.string), description: "What it means.") { $0.description }
        type.field("category", .nonNull(.string), description: "What it belongs with.") { $0.category.rawValue }
        type.field("iterableName", .string, description: "The collection whose elements have it.") { $0.collection }
    }

    private static let fields = ProjectTypes.project.extended { type in
        type.asyncField(
            "sessionFilterVocabulary", .listOf(.named("FilterVocabularyTerm")),
            description: "What filters of its sessions may be made of, with its annotations' names."
        ) { project, field in
            let roots = try await field.context.repositories.traces.rootAttributes(
                projectID: project.id, inSessions: true)
            return term(
                FilterTerm.ofSessions(
                    annotations: try await names(.session, AnnotationScope(projectID: project.id), field),
                    attributes: AttributeNames.all(in: roots)))
        }
        type.asyncField(
            "traceFilterVocabulary", .listOf(.named("FilterVocabularyTerm")),
            description: "What filters of its traces may be made of, with its annotations' names.",
            arguments: [
                .argument(
                    "timeRange", .named("TimeRange"), description: "When traces began whose annotations are meant.")
            ]
        ) { project, field in
            var scope = AnnotationScope(projectID: project.id)
            let range: TimeRange? = try field.argument("timeRange")
            (scope.startTime, scope.endTime) = (range?.start, range?.end)
            let roots = try await field.context.repositories.traces.rootAttributes(
                projectID: project.id, startTime: range?.start, endTime: range?.end)
            return term(
                FilterTerm.ofTraces(
                    annotations: try await names(.trace, scope, field), attributes: AttributeNames.all(in: roots)))
        }
    }

    private static func names(
        _ subject: AnnotationSubject, _ scope: AnnotationScope, _ field: Field
    ) async throws -> [String] {
        try await field.context.repositories.annotations(subject).nameCounts(scope).map { $0.name }
    }
}

/// The names that attributes have, with dots between the levels.
enum AttributeNames {
    // More than anybody reads through.
    private static let countMax = 200
    private static let lengthMax = 100
    private static let depthMax = 10

    /// Of all values that are no objects, in order; a name that is not found again by its dots is left out.
    static func all(in objects: [[UInt8]]) -> [String] {
        var names: Set<String> = []
        for object in objects {
            let json = try? JSONSerialization.jsonObject(with: Data(object))
            collect(json as? [String: Any] ?? [:], prefix: "", depth: 1, into: &names)
        }
        return names.sorted()
    }

    private static func collect(_ object: [String: Any], prefix: String, depth: Int, into names: inout Set<String>) {
        for (key, value) in object where !key.isEmpty && !key.contains(".") {
            let name = prefix + key
            if let inner = value as? [String: Any] {
                if depth < depthMax { collect(inner, prefix: name + ".", depth: depth + 1, into: &names) }
            } else if names.count < countMax, name.utf8.count <= lengthMax {
                names.insert(name)
            }
        }
    }
}
