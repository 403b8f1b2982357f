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

    /// Two resources; the first has two scopes with a span each, the second one scope with one span. Spans are empty.
    private static let request: [UInt8] = [
        0x0A, 0x08, 0x12, 0x02, 0x12, 0x00, 0x12, 0x02, 0x12, 0x00, 0x0A, 0x04, 0x12, 0x02, 0x12, 0x00,
    ]
}
