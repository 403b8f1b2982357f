import Domain
import HTTP
import Storage

extension AnnotationConfig {
    /// The types that node ids of configs may name.
    static let typeNames: Set<String> = [
        "CategoricalAnnotationConfig", "ContinuousAnnotationConfig", "FreeformAnnotationConfig",
    ]

    private enum TypeName: String, CaseIterable {
        case categorical = "CATEGORICAL"
        case continuous = "CONTINUOUS"
        case freeform = "FREEFORM"
    }

    /// A config as clients send it. Throws `ValidationError`, and 400 for one that contradicts itself.
    init(_ fields: BodyFields) throws {
        let kind: Kind =
            switch try fields.choice("type", TypeName.self) {
            case .categorical:
                .categorical(
                    direction: try fields.choice("optimization_direction", Direction.self),
                    choices: try fields.objects("values").map {
                        Choice(label: try $0.text("label"), score: try $0.optionalNumber("score"))
                    })
            case .continuous:
                .continuous(
                    direction: try fields.choice("optimization_direction", Direction.self),
                    lowerBound: try fields.optionalNumber("lower_bound"),
                    upperBound: try fields.optionalNumber("upper_bound"))
            case .freeform:
                .freeform(
                    direction: try fields.optionalChoice("optimization_direction", Direction.self),
                    threshold: try fields.optionalNumber("threshold"),
                    lowerBound: try fields.optionalNumber("lower_bound"),
                    upperBound: try fields.optionalNumber("upper_bound"))
            }
        self.init(name: try fields.text("name"), description: try fields.optionalText("description"), kind: kind)
        guard name != AnnotationContent.noteName else {
            throw APIError(.badRequest, "The name 'note' is reserved for notes")
        }
        if let reason = objection { throw APIError.invalid(reason) }
    }

    /// Why a config cannot be used; nil where it can.
    var objection: String? {
        if name.trimmingWhitespace().isEmpty { return "name must not be empty" }
        if name == AnnotationContent.noteName { return "The name 'note' is reserved for notes" }
        switch kind {
        case .categorical(_, let choices):
            if choices.isEmpty { return "values must have at least one label" }
            if choices.contains(where: { $0.label.isEmpty }) { return "labels must not be empty" }
            return Set(choices.map(\.label)).count < choices.count ? "labels must be different from each other" : nil
        case .continuous(_, let lower?, let upper?), .freeform(_, _, let lower?, let upper?):
            return lower >= upper ? "lower_bound must be below upper_bound" : nil
        case .continuous, .freeform: return nil
        }
    }
}

extension AnnotationConfigRecord {
    var nodeID: GlobalID {
        switch config.kind {
        case .categorical: GlobalID("CategoricalAnnotationConfig", id)
        case .continuous: GlobalID("ContinuousAnnotationConfig", id)
        case .freeform: GlobalID("FreeformAnnotationConfig", id)
        }
    }
}

extension JSONWriter {
    mutating func annotationConfig(_ record: AnnotationConfigRecord) {
        let config = record.config
        object { json in
            json.field("id", record.nodeID)
            json.field("name", config.name)
            json.field("type", config.typeName)
            json.field("description", config.description)
            switch config.kind {
            case .categorical(let direction, let choices):
                json.field("optimization_direction", direction.rawValue)
                json.field("values", array: choices) { json, choice in
                    json.object {
                        $0.field("label", choice.label)
                        $0.field("score", choice.score)
                    }
                }
            case .continuous(let direction, let lower, let upper):
                json.field("optimization_direction", direction.rawValue)
                json.field("lower_bound", lower)
                json.field("upper_bound", upper)
            case .freeform(let direction, let threshold, let lower, let upper):
                json.field("optimization_direction", direction?.rawValue)
                json.field("threshold", threshold)
                json.field("lower_bound", lower)
                json.field("upper_bound", upper)
            }
        }
    }
}
