import Database
import Domain
import FilterLanguage

/// What many annotations of one name say together.
public struct AnnotationSummary: Sendable, Equatable {
    public var name: String
    public var count: Int64
    /// How many have a score, and their mean.
    public var scoreCount: Int64
    public var meanScore: Double?
    /// How many have a label, and how many each, by label.
    public var labelCount: Int64
    public var labels: [(label: String, count: Int64)]

    public static func == (left: AnnotationSummary, right: AnnotationSummary) -> Bool {
        left.name == right.name && left.count == right.count && left.scoreCount == right.scoreCount
            && left.meanScore == right.meanScore && left.labelCount == right.labelCount
            && left.labels.elementsEqual(right.labels, by: ==)
    }
}

/// What an annotation says of a document.
public struct DocumentScore: Sendable {
    /// The document's, from 0.
    public var position: Int64
    public var score: Double?

    public init(position: Int64, score: Double?) {
        self.position = position
        self.score = score
    }
}

/// Which annotations are summed up: of one project, of targets that started in a time range, of one name.
public struct AnnotationScope: Sendable {
    public var projectID: Int64
    /// Nanoseconds since 1970; the first is included, the second not.
    public var startTime: Int64?
    public var endTime: Int64?
    public var name: String?
    /// Only those that have a score or a label.
    public var withResultOnly = false
    /// That a span meets, or one of a trace's spans; not for sessions.
    public var spanFilter: SpanFilter?
    /// That the session meets, or the one that a span or trace belongs to.
    public var sessionFilter: SessionFilter?

    public init(projectID: Int64) {
        self.projectID = projectID
    }

    /// Of the annotations' table as `a` and the targets' as `t`.
    fileprivate func conditions(_ subject: AnnotationSubject, _ dialect: SQLDialect) -> SQLConditions {
        var conditions = SQLConditions()
        conditions.add("t.project_id = ?", .integer(projectID))
        if let startTime { conditions.add("t.start_time >= ?", .integer(startTime)) }
        if let endTime { conditions.add("t.start_time < ?", .integer(endTime)) }
        if let name { conditions.add("a.name = ?", .text(name)) }
        if withResultOnly { conditions.add("(a.score IS NOT NULL OR a.label IS NOT NULL)") }
        if let spanFilter {
            conditions.add { number in
                let (sql, values) = spanFilter.condition(dialect: dialect, spans: "s", firstParameter: number)
                let row = subject == .trace ? "s.trace_rowid" : "s.id"
                return ("t.id IN (SELECT \(row) FROM spans AS s WHERE s.project_id = t.project_id AND \(sql))", values)
            }
        }
        if let sessionFilter {
            conditions.add { number in
                let (sql, values) = sessionFilter.condition(dialect: dialect, sessions: "p", firstParameter: number)
                return (Self.ofSessions(subject, sql), values)
            }
        }
        return conditions
    }

    /// That a target belongs to sessions of which a condition holds.
    private static func ofSessions(_ subject: AnnotationSubject, _ condition: String) -> String {
        switch subject {
        case .session: "t.id IN (SELECT p.id FROM project_sessions AS p WHERE \(condition))"
        case .trace: "t.session_id IN (SELECT p.session_id FROM project_sessions AS p WHERE \(condition))"
        case .span, .document:
            """
            t.trace_rowid IN (SELECT r.id FROM traces AS r
                JOIN project_sessions AS p ON p.session_id = r.session_id WHERE \(condition))
            """
        }
    }
}

extension AnnotationRepository {
    /// How many annotations of each name there are, by name. Notes are left out.
    public func nameCounts(_ scope: AnnotationScope) async throws -> [(name: String, count: Int64)] {
        try await database.read { [subject] connection in
            let conditions = scope.conditions(subject, connection.dialect)
            return try connection.query(
                """
                SELECT a.name, COUNT(*) FROM \(AnnotationRecord.source(subject))
                WHERE \(conditions.sql) AND a.name <> 'note' GROUP BY a.name
                """, conditions.values
            ).map { (name: try $0.text(0), count: try $0.integer(1)) }
                .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
    }

    /// One summary a name, by name.
    public func summaries(_ scope: AnnotationScope) async throws -> [AnnotationSummary] {
        try await grouped(by: "0") { [subject] in scope.conditions(subject, $0) }[0] ?? []
    }

    /// The scores of spans' documents, of each span the oldest first, by the span's row. For annotations of documents.
    public func documentScores(_ scope: AnnotationScope) async throws -> [Int64: [DocumentScore]] {
        try await database.read { [subject] connection in
            let conditions = scope.conditions(subject, connection.dialect)
            var scores: [Int64: [DocumentScore]] = [:]
            try connection.query(
                """
                SELECT a.\(subject.targetColumn), a.document_position, a.score FROM \(AnnotationRecord.source(subject))
                WHERE \(conditions.sql) ORDER BY a.id
                """, conditions.values
            ) { row in
                scores[try row.integer(0), default: []].append(
                    DocumentScore(position: try row.integer(1), score: try row.optionalReal(2)))
            }
            return scores
        }
    }

    /// One summary a name for each of these targets, by their rows.
    public func summaries(
        of targets: [Int64], matching filter: AnnotationFilter = AnnotationFilter()
    ) async throws -> [Int64: [AnnotationSummary]] {
        var conditions = SQLConditions()
        conditions.add("a.\(subject.targetColumn)", isOneOf: targets.map(SQLValue.integer))
        filter.add(to: &conditions)
        return try await grouped(by: "a.\(subject.targetColumn)") { [conditions] _ in conditions }
    }

    /// One summary a name for each interval of time, by the interval's start. Targets count where they start.
    ///
    /// - Parameter starts: the intervals' starts, ascending; each ends where the next begins.
    public func summaries(_ scope: AnnotationScope, starts: [Int64]) async throws -> [Int64: [AnnotationSummary]] {
        guard let first = starts.first else { return [:] }
        var scope = scope
        scope.startTime = max(scope.startTime ?? first, first)
        // The bounds are numbers of ours; a statement of its own for each interval would read the index as often.
        let cases = starts.dropFirst().indices.reversed().map {
            "WHEN t.start_time >= \(starts[$0]) THEN \(starts[$0])"
        }
        let interval = cases.isEmpty ? "\(first)" : "CASE \(cases.joined(separator: " ")) ELSE \(first) END"
        return try await grouped(by: interval) { [scope, subject] in scope.conditions(subject, $0) }
    }

    private func grouped(
        by key: String, _ conditions: @escaping @Sendable (SQLDialect) -> SQLConditions
    ) async throws -> [Int64: [AnnotationSummary]] {
        try await database.read { [subject] connection in
            let conditions = conditions(connection.dialect)
            var builders: [Int64: [String: SummaryBuilder]] = [:]
            let rows = try connection.query(
                """
                SELECT CAST(\(key) AS BIGINT) AS k, a.name, a.label, COUNT(*), COUNT(a.score), SUM(a.score)
                FROM \(AnnotationRecord.source(subject)) WHERE \(conditions.sql) GROUP BY k, a.name, a.label
                """, conditions.values)
            for row in rows {
                builders[try row.integer(0), default: [:]][try row.text(1), default: SummaryBuilder()].add(
                    label: try row.optionalText(2), count: try row.integer(3), scores: try row.integer(4),
                    sum: try row.optionalReal(5) ?? 0)
            }
            return builders.mapValues { byName in
                byName.map { $0.value.summary(name: $0.key) }
                    .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            }
        }
    }
}

private struct SummaryBuilder {
    private var count: Int64 = 0
    private var scoreCount: Int64 = 0
    private var sum = 0.0
    private var labels: [(label: String, count: Int64)] = []

    mutating func add(label: String?, count: Int64, scores: Int64, sum: Double) {
        self.count += count
        scoreCount += scores
        self.sum += sum
        if let label { labels.append((label, count)) }
    }

    func summary(name: String) -> AnnotationSummary {
        AnnotationSummary(
            name: name, count: count, scoreCount: scoreCount,
            meanScore: scoreCount > 0 ? sum / Double(scoreCount) : nil,
            labelCount: labels.reduce(0) { $0 + $1.count },
            labels: labels.sorted { $0.label.utf8.lexicographicallyPrecedes($1.label.utf8) })
    }
}
