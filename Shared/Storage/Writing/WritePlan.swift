import Domain

/// Which spans a transaction writes, gathered by trace: pure work on the requests of one group, done before any row is touched.
struct WritePlan: Sendable {
    /// A span by its request and its place there, with its trace's place in `traces`.
    struct Span: Sendable {
        var request: Int
        var index: Int
        var trace: Int
    }

    let requests: [PreparedSpans]
    /// In order of arrival, each span id once.
    private(set) var spans: [Span] = []
    /// Ordered by trace id, the order in which their rows are locked.
    private(set) var traces: [TraceChange] = []

    /// Plans to write every span of `requests` but those in `stored` and those that came before in the same group.
    init(requests: [PreparedSpans], excluding stored: Set<SpanID> = []) {
        self.requests = requests
        let spanCount = requests.reduce(0) { $0 + $1.spans.count }
        var seen = stored
        seen.reserveCapacity(stored.count + spanCount)
        spans.reserveCapacity(spanCount)
        var traceIndex: [TraceID: Int] = [:]
        for (requestIndex, request) in requests.enumerated() {
            for index in request.spans where seen.insert(request.batch.spans[index].spanID).inserted {
                let span = request.batch.spans[index]
                let trace = traceIndex[span.traceID] ?? traces.count
                if trace == traces.count {
                    traceIndex[span.traceID] = trace
                    traces.append(TraceChange(span, of: request, index: index))
                } else {
                    traces[trace].merge(span, of: request, index: index)
                }
                spans.append(Span(request: requestIndex, index: index, trace: trace))
            }
        }
        orderTraces()
    }

    /// Gives each request to `body` with those of its spans that are written, in order of arrival.
    func eachRequest(_ body: (PreparedSpans, ArraySlice<Span>) throws -> Void) rethrows {
        var start = 0
        while start < spans.count {
            let request = spans[start].request
            let end = spans[start...].firstIndex { $0.request != request } ?? spans.count
            try body(requests[request], spans[start..<end])
            start = end
        }
    }

    /// Of the spans that are written.
    var spanIDs: [SpanID] { spans.map { requests[$0.request].batch.spans[$0.index].spanID } }

    /// Every span id of the requests, for finding those that are stored already.
    static func spanIDs(of requests: [PreparedSpans]) -> [SpanID] {
        requests.flatMap { request in request.spans.map { request.batch.spans[$0].spanID } }
    }

    private mutating func orderTraces() {
        let order = traces.indices.sorted { traces[$0].traceID < traces[$1].traceID }
        var place = [Int](repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { place[old] = new }
        traces = order.map { traces[$0] }
        for index in spans.indices { spans[index].trace = place[spans[index].trace] }
    }
}

/// What a group of spans changes in one trace's row.
struct TraceChange: Sendable {
    /// The span that stands for its trace in lists: of those without a parent, else of all, the one that started first.
    struct Root: Sendable {
        var isChild: Bool
        var startTime: Int64
        var endTime: Int64
        var spanID: SpanID
        var name: String
        var kind: SpanKind
        var status: SpanStatusCode
        var userID: String?
        var input: String?
        var output: String?

        init(_ span: SpanRecord, in batch: SpanBatch) {
            isChild = span.parentID != nil
            startTime = span.startTime
            endTime = span.endTime
            spanID = span.spanID
            name = batch.text(span.name)
            kind = span.kind
            status = span.statusCode
            userID = batch.text(span.userID)
            input = batch.text(span.inputPreview)
            output = batch.text(span.outputPreview)
        }

        /// The least of all stands for the trace, whatever the order of arrival. The upsert's SQL says the same.
        static func isBetter(_ span: SpanRecord, than root: Root) -> Bool {
            let isChild = span.parentID != nil
            guard isChild == root.isChild else { return !isChild }
            return (span.startTime, span.spanID) < (root.startTime, root.spanID)
        }
    }

    let traceID: TraceID
    /// The project that the first span names; a trace that is there already stays in its own.
    let projectID: Int64
    /// The first one seen.
    private(set) var sessionID: String?
    private(set) var startTime: Int64
    private(set) var endTime: Int64
    private(set) var counts: RollupCounts
    private(set) var root: Root

    init(_ span: SpanRecord, of request: PreparedSpans, index: Int) {
        traceID = span.traceID
        projectID = request.projectIDs[Int(span.resource)]
        sessionID = request.batch.text(span.sessionID)
        startTime = span.startTime
        endTime = span.endTime
        counts = request.counts(ofSpan: index)
        root = Root(span, in: request.batch)
    }

    mutating func merge(_ span: SpanRecord, of request: PreparedSpans, index: Int) {
        sessionID = sessionID ?? request.batch.text(span.sessionID)
        startTime = min(startTime, span.startTime)
        endTime = max(endTime, span.endTime)
        counts += request.counts(ofSpan: index)
        if Root.isBetter(span, than: root) { root = Root(span, in: request.batch) }
    }
}
