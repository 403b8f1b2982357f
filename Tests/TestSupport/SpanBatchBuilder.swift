import Domain

/// A span as tests write it down; `batch` turns any number of them into what a decoder would give.
public struct TestSpan: Sendable {
    public var trace: UInt64
    public var id: UInt64
    public var parent: UInt64?
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var start: Int64
    public var end: Int64
    public var kind: SpanKind = .chain
    public var status: SpanStatusCode = .unset
    public var name = "span"
    public var session: String?
    public var user: String?
    public var input: String?
    public var model: String?
    public var promptTokens: Int64?
    public var completionTokens: Int64?
    public var attributes = "{}"
    /// A JSON array, as decoders make it.
    public var events: String?
    /// A JSON object, as decoders make it.
    public var otlp: String?
    public var project: String?

    public init(trace: UInt64, id: UInt64, parent: UInt64? = nil, start: Int64, end: Int64) {
        self.trace = trace
        self.id = id
        self.parent = parent
        self.start = start
        self.end = end
    }

    /// One request with these spans, in this order.
    public static func batch(_ spans: [TestSpan]) -> SpanBatch {
        var batch = SpanBatch()
        var resources: [String?: Int32] = [:]
        for span in spans {
            let resource: Int32
            if let known = resources[span.project] {
                resource = known
            } else {
                resource = Int32(batch.resources.count)
                resources[span.project] = resource
                let json = batch.append("{\"resource\":{\"project\":\"\(span.project ?? "")\"},\"scope\":{}}".utf8)
                batch.resources.append(SpanResource(projectName: span.project, json: json))
            }
            batch.append(span, resource: resource)
        }
        return batch
    }
}

extension SpanBatch {
    fileprivate mutating func append(_ span: TestSpan, resource: Int32) {
        var record = SpanRecord(
            traceID: TraceID(high: 0, low: span.trace), spanID: SpanID(span.id), parentID: span.parent.map(SpanID.init),
            startTime: span.start, endTime: span.end, kind: span.kind, statusCode: span.status,
            name: append(span.name.utf8), statusMessage: append("".utf8), attributes: append(span.attributes.utf8),
            resource: resource)
        record.sessionID = span.session.map { append($0.utf8) }
        record.userID = span.user.map { append($0.utf8) }
        record.inputPreview = span.input.map { append($0.utf8) }
        record.events = span.events.map { append($0.utf8) }
        record.otlp = span.otlp.map { append($0.utf8) }
        record.modelName = span.model.map { append($0.utf8) }
        record.promptTokens = span.promptTokens
        record.completionTokens = span.completionTokens
        spans.append(record)
    }
}
