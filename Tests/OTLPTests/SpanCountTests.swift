import OTLP
import Testing

@Suite("Spans counted without decoding")
struct SpanCountTests {
    @Test("as many are counted as are decoded, over all resources and scopes, and as far as bytes go")
    func count() {
        let bytes = Self.request
        #expect(bytes.withUnsafeBytes { ExportTraceRequest.spanCount(protobuf: $0) } == 3)
        #expect(bytes.dropLast().withUnsafeBytes { ExportTraceRequest.spanCount(protobuf: $0) } < 4)
        #expect([UInt8]().withUnsafeBytes { ExportTraceRequest.spanCount(protobuf: $0) } == 0)
    }

    @Test("the count is the same in whatever pieces the bytes come")
    func pieces() {
        // Between the spans: fields of every wire type, and lengths of more than one byte.
        let others: [UInt8] = [0x18, 0xFF, 0x7F, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x2D, 1, 2, 3, 4, 0x32, 2, 0x12, 0]
        let spans = others + Self.field(2, [UInt8](repeating: 0x12, count: 300)) + others + Self.field(2, []) + others
        let resource = Self.field(1, others) + Self.field(2, spans) + others + Self.field(2, Self.field(2, others))
        let bytes = Self.field(1, resource) + others + Self.field(1, resource) + Self.request
        for size in 1...bytes.count {
            var counter = SpanCounter()
            for start in stride(from: 0, to: bytes.count, by: size) {
                bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { counter.read($0) }
            }
            #expect(counter.count == 9, "in pieces of \(size)")
        }
    }

    @Test("in JSON only spans are counted, wherever they stand, and as far as the text can be read")
    func json() {
        let text = """
            {"spans": [1], "resourceSpans": [{"resource": {"spans": [{}]}, "scopeSpans": [{"spans": [{"spans": [{}]}, {}],
             "scope": {"spans": [{}]}}, {}, {"spans": null}]}, {"scopeSpans": [{"scope": {}, "spans": [{"a": "\\"]}"}]}]}],
             "x": [{"scopeSpans": [{"spans": [{}]}]}]}
            """
        #expect(Self.count(json: text) == 3)
        #expect(Self.count(json: #"{"resourceSpans": [{"scopeSpans": [{"spans": [{}, {"a"#) == 1)
        for text in ["", "{}", "[]", #"{"resourceSpans": null}"#, #"{"resourceSpans": 5}"#] {
            #expect(Self.count(json: text) == 0, "\(text)")
        }
    }

    private static func count(json text: String) -> Int {
        Array(text.utf8).withUnsafeBytes { ExportTraceRequest.spanCount(json: $0) }
    }

    /// Two resources; the first has two scopes with a span each, the second one scope with one span. Spans are empty.
    private static let request: [UInt8] = [
        0x0A, 0x08, 0x12, 0x02, 0x12, 0x00, 0x12, 0x02, 0x12, 0x00, 0x0A, 0x04, 0x12, 0x02, 0x12, 0x00,
    ]

    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = bytes.count
        repeat {
            length.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return [number << 3 | 2] + length + bytes
    }
}
