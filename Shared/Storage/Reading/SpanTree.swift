import Database
import Domain

/// How the spans of a trace hang together, and what each of them sums up to with all below it.
public struct SpanTree: Sendable {
    /// A span with all spans below it.
    public struct Subtree: Sendable, Equatable {
        public var promptTokens: Int64 = 0
        public var completionTokens: Int64 = 0
        public var errorCount: Int64 = 0
        /// Row ids of those right below it, in order of time.
        public var children: [Int64] = []

        /// Of a span that is not there.
        public init() {}

        fileprivate init(_ row: SQLRow) throws {
            promptTokens = try row.integer(4)
            completionTokens = try row.integer(5)
            errorCount = try row.integer(6)
        }
    }

    private let subtrees: [Int64: Subtree]

    public subscript(id: Int64) -> Subtree { subtrees[id] ?? Subtree() }

    /// Row ids of the spans below one, level by level; `depth` nil for all levels.
    public func descendants(of id: Int64, depth: Int?) -> [Int64] {
        var found: [Int64] = []
        var seen: Set<Int64> = [id]
        var level = self[id].children
        var left = depth ?? Int.max
        while !level.isEmpty, left > 0 {
            // Spans that name each other as parents must not go round for ever.
            level = level.filter { seen.insert($0).inserted }
            found += level
            level = level.flatMap { self[$0].children }
            left -= 1
        }
        return found
    }

    /// - Parameter spans: all of a trace, in order of time.
    fileprivate init(_ spans: [Link]) {
        let places = Dictionary(uniqueKeysWithValues: spans.enumerated().map { ($1.spanID, $0) })
        let parents = spans.map { span in span.parentID.flatMap { places[$0] } }
        var subtrees = spans.map(\.own)
        var waitsFor = [Int](repeating: 0, count: spans.count)
        for (place, parent) in parents.enumerated() {
            guard let parent else { continue }
            subtrees[parent].children.append(spans[place].id)
            waitsFor[parent] += 1
        }
        // From the leaves up; what hangs on itself is never ready and keeps its own numbers.
        var ready = spans.indices.filter { waitsFor[$0] == 0 }
        while let place = ready.popLast() {
            guard let parent = parents[place] else { continue }
            subtrees[parent].promptTokens += subtrees[place].promptTokens
            subtrees[parent].completionTokens += subtrees[place].completionTokens
            subtrees[parent].errorCount += subtrees[place].errorCount
            waitsFor[parent] -= 1
            if waitsFor[parent] == 0 { ready.append(parent) }
        }
        self.subtrees = Dictionary(uniqueKeysWithValues: zip(spans.map(\.id), subtrees))
    }

    fileprivate struct Link: Sendable {
        var trace: Int64
        var id: Int64
        var spanID: SpanID
        var parentID: SpanID?
        var own: Subtree

        static let columns = """
            s.trace_rowid, s.id, s.span_id, s.parent_id, COALESCE(s.prompt_tokens, 0), COALESCE(s.completion_tokens, 0),
            CASE WHEN s.status_code = 'ERROR' THEN 1 ELSE 0 END
            """

        init?(_ row: SQLRow) throws {
            guard let spanID = SpanID(bytes: try row.bytes(2)) else { return nil }
            trace = try row.integer(0)
            id = try row.integer(1)
            self.spanID = spanID
            parentID = try row.optionalBytes(3).flatMap { SpanID(bytes: $0) }
            own = try Subtree(row)
        }
    }
}

extension SpanRepository {
    /// How the spans of these traces hang together, by the trace's row: one look at each span, however deep they nest.
    public func trees(ofTraces ids: [Int64]) async throws -> [Int64: SpanTree] {
        let links = try await database.rows(of: ids, in: "s.trace_rowid") {
            "SELECT \(SpanTree.Link.columns) FROM spans s WHERE \($0) ORDER BY s.start_time, s.id"
        } make: {
            try SpanTree.Link($0)
        }
        return Dictionary(grouping: links.compactMap(\.self), by: \.trace).mapValues { SpanTree($0) }
    }
}
