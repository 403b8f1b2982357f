import Database
import Domain

/// Targets that annotations name and that are not there.
public struct MissingTargets: Error, Sendable, Equatable {
    /// Their own ids: the bytes of spans' or traces', or sessions' texts; none for targets named by their rows.
    public var keys: [[UInt8]]
}

/// Writes annotations in the caller's transaction.
enum AnnotationWriting {
    /// Stores those whose target is there. Returns the ids of those that were stored, by their place in `annotations`.
    static func store(
        _ annotations: [NewAnnotation], _ subject: AnnotationSubject, on connection: DatabaseConnection
    ) throws -> [Int: Int64] {
        let keys = annotations.compactMap { annotation -> [UInt8]? in
            if case .key(let key) = annotation.target { key } else { nil }
        }
        let ids = annotations.compactMap { annotation -> Int64? in
            if case .row(let id) = annotation.target { id } else { nil }
        }
        let rowsByKey = try AnnotationTargets.rows(ofKeys: Set(keys), subject, on: connection)
        let existing = try AnnotationTargets.existing(Set(ids), subject, on: connection)
        var rows: [AnnotationUpsert.Row] = []
        var places: [Int] = []
        for (place, annotation) in annotations.enumerated() {
            let target: Int64? =
                switch annotation.target {
                case .key(let key): rowsByKey[key]
                case .row(let id): existing.contains(id) ? id : nil
                }
            guard let target else { continue }
            rows.append(AnnotationUpsert.Row(annotation, target: target))
            places.append(place)
        }
        let stored = try AnnotationUpsert.run(rows, subject, on: connection)
        return Dictionary(zip(places, stored), uniquingKeysWith: { first, _ in first })
    }
}

extension AnnotationUpsert.Row {
    init(_ annotation: NewAnnotation, target: Int64) {
        key = AnnotationUpsert.Key(
            targetID: target, documentPosition: annotation.documentPosition ?? -1, name: annotation.content.name,
            identifier: annotation.content.identifier)
        content = annotation.content
        time = annotation.time
    }
}

extension Database {
    private static let attemptsMax = 4

    /// Runs a write that refers to rows which others may be deleting: what they get in the way of is tried again.
    func writeAgainstDeletions<T: Sendable>(
        _ body: @Sendable @escaping (DatabaseConnection) throws -> T
    ) async throws -> T {
        var attempt = 1
        while true {
            do {
                return try await write(body)
            } catch let error as DatabaseError where attempt < Self.attemptsMax && error.isCollision {
                attempt += 1
            }
        }
    }
}

extension DatabaseError {
    fileprivate var isCollision: Bool {
        switch self {
        case .serialization, .foreignKeyViolation: true
        default: false
        }
    }
}
