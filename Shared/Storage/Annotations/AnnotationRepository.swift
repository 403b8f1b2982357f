import Database
import Domain

/// The annotations of one kind of target.
public struct AnnotationRepository: Sendable {
    private static let readAtOnce = 500

    public let subject: AnnotationSubject
    let database: Database

    public init(_ subject: AnnotationSubject, database: Database) {
        self.subject = subject
        self.database = database
    }

    // MARK: - Writing

    /// Stores annotations and returns their ids in the order given. Throws `MissingTargets`, having stored none, where a
    /// target is not there.
    public func store(_ annotations: [NewAnnotation]) async throws -> [Int64] {
        try await database.writeAgainstDeletions { [subject] connection in
            let ids = try AnnotationWriting.store(annotations, subject, on: connection)
            let missing = annotations.indices.filter { ids[$0] == nil }
            guard missing.isEmpty else { throw Self.missing(missing.map { annotations[$0].target }) }
            return annotations.indices.compactMap { ids[$0] }
        }
    }

    /// Stores annotations whose target is there; the others wait for theirs until `expiresAt`. Returns how many wait.
    public func storeOrWait(_ annotations: [NewAnnotation], expiresAt: Int64) async throws -> Int {
        try await database.writeAgainstDeletions { [subject] connection in
            let ids = try AnnotationWriting.store(annotations, subject, on: connection)
            let waiting = annotations.indices.filter { ids[$0] == nil }.map { annotations[$0] }
            try WaitingAnnotations.add(waiting, subject, expiresAt: expiresAt, on: connection)
            return waiting.count
        }
    }

    /// Changes annotations, those of ids that are not there excepted, and gives them their time of change. Returns them as
    /// they are now, in the order of their ids. Throws `DatabaseError.uniqueViolation` where the target has another one of
    /// a new name and identifier.
    public func update(
        _ ids: [Int64], now: Int64 = SystemClock.now(),
        _ change: @Sendable @escaping (inout AnnotationRecord) throws -> Void
    ) async throws -> [AnnotationRecord] {
        try await database.write { [subject] connection in
            let lock = connection.dialect == .postgres ? "FOR UPDATE OF a" : ""
            let found = try Self.select(subject, "a.id", ids.map(SQLValue.integer), lock: lock, on: connection)
            return try found.map { old in
                var new = old
                try change(&new)
                new.updatedAt = now
                try Self.save(new, subject, on: connection)
                return new
            }
        }
    }

    private static func save(
        _ record: AnnotationRecord, _ subject: AnnotationSubject, on connection: DatabaseConnection
    ) throws {
        let columns = AnnotationContent.columns + ["updated_at"]
        let assignments = columns.enumerated().map { "\($1) = $\($0 + 2)" }.joined(separator: ", ")
        try connection.execute(
            "UPDATE \(subject.table) SET \(assignments) WHERE id = $1",
            [.integer(record.id)] + record.content.values + [.integer(record.updatedAt)])
    }

    /// Deletes annotations and returns what they were. Of one that is not there nothing is said.
    ///
    /// - Parameter check: throws where one must not be deleted; then none is.
    public func remove(
        _ ids: [Int64], check: @Sendable @escaping (AnnotationRecord) throws -> Void = { _ in }
    ) async throws -> [AnnotationRecord] {
        try await database.write { [subject] connection in
            let found = try Self.select(subject, "a.id", ids.map(SQLValue.integer), on: connection)
            try found.forEach(check)
            for record in found {
                try connection.execute("DELETE FROM \(subject.table) WHERE id = $1", [.integer(record.id)])
            }
            return found
        }
    }

    // MARK: - Reading

    /// Annotations by their ids; those that are not there are left out.
    public func annotations(ids: [Int64]) async throws -> [Int64: AnnotationRecord] {
        let found = try await database.read { [subject] in
            try Self.select(subject, "a.id", ids.map(SQLValue.integer), on: $0)
        }
        return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The annotations of targets by their rows, each target's in the order of their ids.
    public func annotations(
        of targets: [Int64], matching filter: AnnotationFilter = AnnotationFilter()
    ) async throws -> [Int64: [AnnotationRecord]] {
        let found = try await database.read { [subject] in
            try Self.select(
                subject, "a.\(subject.targetColumn)", targets.map(SQLValue.integer), matching: filter, on: $0)
        }
        return Dictionary(grouping: found, by: \.targetID)
    }

    private static func select(
        _ subject: AnnotationSubject, _ column: String, _ values: [SQLValue],
        matching filter: AnnotationFilter = AnnotationFilter(), lock: String = "", on connection: DatabaseConnection
    ) throws -> [AnnotationRecord] {
        var found: [AnnotationRecord] = []
        for some in values.chunks(of: readAtOnce) {
            var conditions = SQLConditions()
            conditions.add(column, isOneOf: Array(some))
            filter.add(to: &conditions)
            found += try connection.query(
                """
                SELECT \(AnnotationRecord.columns(subject)) FROM \(AnnotationRecord.source(subject))
                WHERE \(conditions.sql) ORDER BY a.id \(lock)
                """, conditions.values
            ).map { try AnnotationRecord($0, subject) }
        }
        return found
    }

    private static func missing(_ targets: [AnnotationTarget]) -> MissingTargets {
        var seen: Set<[UInt8]> = []
        return MissingTargets(
            keys: targets.compactMap { target in
                guard case .key(let key) = target, seen.insert(key).inserted else { return nil }
                return key
            })
    }
}

extension AnnotationContent {
    /// In the order of `columns`.
    var values: [SQLValue] {
        [
            .text(name), .text(identifier), .text(annotatorKind.rawValue), label.map(SQLValue.text) ?? .null,
            score.map(SQLValue.real) ?? .null, explanation.map(SQLValue.text) ?? .null, .text(metadata),
            .text(source.rawValue), userID.map(SQLValue.integer) ?? .null,
        ]
    }
}
