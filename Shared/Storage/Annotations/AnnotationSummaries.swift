import Database
import Domain
import FilterLanguage

/// What many annotations of one name say together. Each target has the same weight, however many annotations it has.
public struct AnnotationSummary: Sendable, Equatable {
    /// A label, and its part of all that is said: the mean over the targets of its part of the labels that a target has.
    /// Targets without a label count among them.
    public struct Label: Sendable, Equatable {
        public var label: String
        public var fraction: Double

        public init(_ label: String, _ fraction: Double) {
            self.label = label
            self.fraction = fraction
        }
    }

    public var name: String
    /// How many targets have one.
    public var targetCount: Int64
    public var count: Int64
    /// The same, but those of a target that give the same label, or none, count once.
    public var opinionCount: Int64
    /// How many have a score.
    public var scoreCount: Int64
    /// The mean over the targets of the mean score that a target has.
    public var meanScore: Double?
    /// The mean over the scores themselves.
    public var meanOfScores: Double?
    /// How many have a label.
    public var labelCount: Int64
    /// In the order of their bytes.
    public var labels: [Label]

    public init(
        name: String, targetCount: Int64, count: Int64, opinionCount: Int64, scoreCount: Int64, meanScore: Double?,
        meanOfScores: Double?, labelCount: Int64, labels: [Label]
    ) {
        (self.name, self.targetCount, self.count, self.opinionCount) = (name, targetCount, count, opinionCount)
        (self.scoreCount, self.meanScore, self.meanOfScores) = (scoreCount, meanScore, meanOfScores)
        (self.labelCount, self.labels) = (labelCount, labels)
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
            let statements = SummaryStatements(key: key, subject: subject, condition: conditions.sql)
            var summaries: [Int64: [String: AnnotationSummary]] = [:]
            for row in try connection.query(statements.ofTargets, conditions.values) {
                let summary = try AnnotationSummary(row)
                summaries[try row.integer(0), default: [:]][summary.name] = summary
            }
            for row in try connection.query(statements.ofLabels, conditions.values) {
                let (key, name) = (try row.integer(0), try row.text(1))
                summaries[key]?[name]?.add(try row.text(2), count: try row.integer(3), parts: try row.real(4))
            }
            return summaries.mapValues { byName in
                byName.values.map(\.inOrder).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            }
        }
    }
}

/// Two statements with the same values: what targets say is summed up by the database, a target at a time.
private struct SummaryStatements {
    /// What summaries are kept apart by, besides their names.
    let key: String
    let subject: AnnotationSubject
    let condition: String

    private var target: String { "a.\(subject.targetColumn)" }
    private var source: String { AnnotationRecord.source(subject) }

    /// Counts, and means of scores.
    var ofTargets: String {
        """
        SELECT k, name, CAST(SUM(said) AS BIGINT), CAST(SUM(opinions) AS BIGINT), COUNT(*),
            CAST(SUM(scored) AS BIGINT), AVG(mean), SUM(total)
        FROM (
            SELECT CAST(\(key) AS BIGINT) AS k, a.name AS name, COUNT(*) AS said,
                COUNT(DISTINCT a.label) + MAX(CASE WHEN a.label IS NULL THEN 1 ELSE 0 END) AS opinions,
                COUNT(a.score) AS scored, AVG(a.score) AS mean, SUM(a.score) AS total
            FROM \(source) WHERE \(condition) GROUP BY k, a.name, \(target)
        ) AS targets GROUP BY k, name
        """
    }

    /// How often each label is given, and the sum of its parts of what targets say.
    var ofLabels: String {
        """
        SELECT k, name, label, CAST(SUM(said) AS BIGINT), SUM(part)
        FROM (
            SELECT CAST(\(key) AS BIGINT) AS k, a.name AS name, a.label AS label, COUNT(*) AS said,
                CAST(COUNT(*) AS DOUBLE PRECISION)
                    / CAST(SUM(COUNT(*)) OVER (PARTITION BY a.name, \(target)) AS DOUBLE PRECISION) AS part
            FROM \(source) WHERE \(condition) AND a.label IS NOT NULL GROUP BY k, a.name, \(target), a.label
        ) AS parts GROUP BY k, name, label
        """
    }
}

extension AnnotationSummary {
    /// Without labels yet.
    fileprivate init(_ row: SQLRow) throws {
        name = try row.text(1)
        count = try row.integer(2)
        opinionCount = try row.integer(3)
        targetCount = try row.integer(4)
        scoreCount = try row.integer(5)
        meanScore = try row.optionalReal(6)
        meanOfScores = try row.optionalReal(7).map { [scoreCount] in $0 / Double(scoreCount) }
        labelCount = 0
        labels = []
    }

    fileprivate mutating func add(_ label: String, count: Int64, parts: Double) {
        labelCount += count
        labels.append(Label(label, parts / Double(targetCount)))
    }

    fileprivate var inOrder: AnnotationSummary {
        var copy = self
        copy.labels.sort { $0.label.utf8.lexicographicallyPrecedes($1.label.utf8) }
        return copy
    }
}
