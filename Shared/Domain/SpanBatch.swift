/// Where a piece of text lies in its batch's `bytes`. An empty slice is empty text, not a missing value.
public struct ByteSlice: Sendable, Hashable {
    public var offset: UInt32
    public var count: UInt32

    public init(offset: UInt32, count: UInt32) {
        self.offset = offset
        self.count = count
    }

    /// The positions it covers in its batch's `bytes`.
    public var range: Range<Int> { Int(offset)..<Int(offset) + Int(count) }
}

/// One span as it will be written: ids and numbers in place, every text a slice of the batch's `bytes`.
///
/// All texts are valid UTF-8 without NUL, which Postgres takes in no text (they became U+FFFD on decoding).
public struct SpanRecord: Sendable {
    public var traceID: TraceID
    public var spanID: SpanID
    /// Nil for a root span.
    public var parentID: SpanID?
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var startTime: Int64
    /// Nanoseconds since 1970-01-01T00:00:00Z; never before `startTime`.
    public var endTime: Int64
    public var kind: SpanKind
    public var statusCode: SpanStatusCode
    public var name: ByteSlice
    public var statusMessage: ByteSlice
    /// The attributes' tree, as one JSON object.
    public var attributes: ByteSlice
    /// A JSON array of `{"name", "timestamp", "attributes"}`; nil where the span has no events.
    public var events: ByteSlice?
    /// What OTLP says beyond Phoenix's model (kind, links, flags, trace state) as one JSON object; nil where all
    /// of it is at its default.
    public var otlp: ByteSlice?
    /// `llm.model_name`, or `embedding.model_name` for embeddings.
    public var modelName: ByteSlice?
    /// `llm.provider`.
    public var provider: ByteSlice?
    /// `session.id`, trimmed; nil where it is missing or empty.
    public var sessionID: ByteSlice?
    /// `user.id`, trimmed; nil where it is missing or empty.
    public var userID: ByteSlice?
    /// The first characters of `input.value` and `output.value`, cut at a character's border.
    public var inputPreview: ByteSlice?
    public var outputPreview: ByteSlice?
    /// For LLM spans (0 where missing or unusable); nil for all other kinds.
    public var promptTokens: Int64?
    public var completionTokens: Int64?
    /// `llm.token_count.prompt_details.*` and `completion_details.*` of LLM spans.
    public var tokenDetails: [TokenDetail]
    /// Which of the batch's `resources` it came from.
    public var resource: Int32

    public init(
        traceID: TraceID, spanID: SpanID, parentID: SpanID?, startTime: Int64, endTime: Int64, kind: SpanKind,
        statusCode: SpanStatusCode, name: ByteSlice, statusMessage: ByteSlice, attributes: ByteSlice, resource: Int32
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentID = parentID
        self.startTime = startTime
        self.endTime = endTime
        self.kind = kind
        self.statusCode = statusCode
        self.name = name
        self.statusMessage = statusMessage
        self.attributes = attributes
        self.resource = resource
        tokenDetails = []
    }
}

/// A count of one kind of tokens in an LLM span, as `llm.token_count.prompt_details.cache_read = 12`.
public struct TokenDetail: Sendable, Hashable {
    /// The last piece of the key: `cache_read`, `audio`, `reasoning`, …
    public var type: String
    public var isPrompt: Bool
    /// Never negative.
    public var count: Int64

    public init(type: String, isPrompt: Bool, count: Int64) {
        self.type = type
        self.isPrompt = isPrompt
        self.count = count
    }
}

/// The resource and instrumentation scope that spans of a request share.
public struct SpanResource: Sendable, Hashable {
    /// `openinference.project.name` of the resource, trimmed; nil where it is missing or empty.
    public var projectName: String?
    /// `{"resource": {attributes}, "scope": {"name", "version", "attributes"}}` as JSON, keys sorted, so that equal
    /// resources have equal bytes.
    public var json: ByteSlice

    public init(projectName: String?, json: ByteSlice) {
        self.projectName = projectName
        self.json = json
    }
}

/// Decoded spans that travel together from one request to the database, and the bytes they point into.
public struct SpanBatch: Sendable {
    public var bytes: [UInt8]
    public var spans: [SpanRecord]
    public var resources: [SpanResource]
    /// Spans of the request that were refused (bad ids), with the reason of the first one.
    public var rejectedCount: Int
    public var rejectionReason: String?

    public init() {
        bytes = []
        spans = []
        resources = []
        rejectedCount = 0
    }

    /// The text of a slice.
    public func text(_ slice: ByteSlice) -> String {
        String(decoding: bytes[slice.range], as: UTF8.self)
    }

    /// The text of a slice, or nil for none.
    public func text(_ slice: ByteSlice?) -> String? {
        slice.map { text($0) }
    }

    /// Appends text and returns where it lies.
    public mutating func append(_ text: some Sequence<UInt8>) -> ByteSlice {
        let offset = bytes.count
        bytes.append(contentsOf: text)
        return ByteSlice(offset: UInt32(offset), count: UInt32(bytes.count - offset))
    }
}
