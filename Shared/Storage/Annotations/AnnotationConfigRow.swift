import Database
import Domain
import Foundation

extension AnnotationConfigRecord {
    static let columns = """
        c.id, c.name, c.annotation_type, c.description, c.optimization_direction, c.threshold, c.lower_bound,
        c.upper_bound, c.choices
        """

    init(_ row: SQLRow) throws {
        let direction = try row.optionalText(4).flatMap(AnnotationConfig.Direction.init)
        let kind: AnnotationConfig.Kind =
            switch try row.text(2) {
            case "CATEGORICAL":
                .categorical(direction: direction ?? .none, choices: try Self.choices(row))
            case "CONTINUOUS":
                .continuous(
                    direction: direction ?? .none, lowerBound: try row.optionalReal(6),
                    upperBound: try row.optionalReal(7))
            default:
                .freeform(
                    direction: direction, threshold: try row.optionalReal(5), lowerBound: try row.optionalReal(6),
                    upperBound: try row.optionalReal(7))
            }
        id = try row.integer(0)
        config = AnnotationConfig(name: try row.text(1), description: try row.optionalText(3), kind: kind)
    }

    private static func choices(_ row: SQLRow) throws -> [AnnotationConfig.Choice] {
        guard !row.isNull(8) else { return [] }
        return try row.withBytes(8) { try JSONDecoder().decode([AnnotationConfig.Choice].self, from: Data($0)) }
    }
}

extension AnnotationConfig {
    /// `CATEGORICAL`, `CONTINUOUS` or `FREEFORM`.
    public var typeName: String {
        switch kind {
        case .categorical: "CATEGORICAL"
        case .continuous: "CONTINUOUS"
        case .freeform: "FREEFORM"
        }
    }

    /// In the order in which they are inserted.
    var values: [SQLValue] {
        var (direction, threshold, lower, upper): (Direction?, Double?, Double?, Double?) = (nil, nil, nil, nil)
        var choices: [UInt8]?
        switch kind {
        case .categorical(let ownDirection, let ownChoices):
            direction = ownDirection
            choices = (try? JSONEncoder().encode(ownChoices)).map { Array($0) }
        case .continuous(let ownDirection, let lowerBound, let upperBound):
            (direction, lower, upper) = (ownDirection, lowerBound, upperBound)
        case .freeform(let ownDirection, let ownThreshold, let lowerBound, let upperBound):
            (direction, threshold, lower, upper) = (ownDirection, ownThreshold, lowerBound, upperBound)
        }
        return [
            .text(name), .text(typeName), description.map(SQLValue.text) ?? .null,
            direction.map { .text($0.rawValue) } ?? .null, threshold.map(SQLValue.real) ?? .null,
            lower.map(SQLValue.real) ?? .null, upper.map(SQLValue.real) ?? .null,
            choices.map { .text(String(decoding: $0, as: UTF8.self)) } ?? .null,
        ]
    }
}
