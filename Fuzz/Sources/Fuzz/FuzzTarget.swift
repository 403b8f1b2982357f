import Compression
import Domain
import Foundation
import OTLP

// In the tests these are modules; in the fuzzer their files are built in.
#if canImport(Messaging)
    @testable import Messaging
    @testable import Spool
#endif

/// Something that reads bytes of strangers. It must take any bytes without a trap, and what it makes of them must be what
/// the rest of the server relies on.
enum FuzzTarget: String, CaseIterable {
    case otlpProtobuf = "otlp-protobuf"
    case otlpJSON = "otlp-json"
    case compression
    case spool
    case envelope

    func run(_ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .otlpProtobuf: check(try? ExportTraceRequest.decode(protobuf: bytes))
        case .otlpJSON: check(try? ExportTraceRequest.decode(json: bytes))
        case .compression: decompressAll(bytes)
        case .spool: readSpool(bytes)
        case .envelope: readEnvelope(bytes)
        }
    }

    /// What the writer relies on: slices within the bytes, text that Postgres takes, JSON where JSON is said to be.
    private func check(_ batch: SpanBatch?) {
        guard let batch else { return }
        for span in batch.spans {
            precondition(span.endTime >= span.startTime, "a span ends before it starts")
            precondition(batch.resources.indices.contains(Int(span.resource)), "a resource is missing")
            let texts =
                [span.name, span.statusMessage]
                + [
                    span.modelName, span.provider, span.sessionID, span.userID, span.inputPreview, span.outputPreview,
                ].compactMap { $0 }
            for text in texts { checkText(batch.bytes[text.range]) }
            for json in [span.attributes, span.events, span.otlp].compactMap({ $0 }) {
                checkJSON(batch.bytes[json.range])
            }
            for detail in span.tokenDetails { precondition(detail.count >= 0, "a negative count of tokens") }
        }
        for resource in batch.resources { checkJSON(batch.bytes[resource.json.range]) }
    }

    private func checkText(_ bytes: ArraySlice<UInt8>) {
        precondition(!bytes.contains(0), "a text with a NUL")
        precondition(String(validating: bytes, as: UTF8.self) != nil, "a text that is no UTF-8")
    }

    private func checkJSON(_ bytes: ArraySlice<UInt8>) {
        checkText(bytes)
        let value = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        // Foundation refuses what is nested deeper than 512 levels, which is no fault of the text.
        precondition(value != nil || Self.depth(bytes) > 500, "attributes that are no JSON")
    }

    private static func depth(_ bytes: ArraySlice<UInt8>) -> Int {
        var (depth, deepest) = (0, 0)
        for byte in bytes {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
            deepest = max(deepest, depth)
        }
        return deepest
    }

    private func decompressAll(_ bytes: UnsafeRawBufferPointer) {
        let limit = 1 << 16
        for coding in ContentCoding.allCases {
            guard let plain = try? decompress(bytes, coding, limit: limit) else { continue }
            precondition(plain.count <= limit, "more than the limit")
        }
    }

    private func readSpool(_ bytes: UnsafeRawBufferPointer) {
        let sound = SpoolFormat.soundCount(bytes)
        precondition(sound <= bytes.count, "sound beyond the end")
        var offset = 0
        while let (record, next) = SpoolFormat.decode(bytes, at: offset) {
            precondition(next > offset && next <= bytes.count, "a record beyond the end")
            var again: [UInt8] = []
            SpoolFormat.encode(record, into: &again)
            let read = again.withUnsafeBytes { SpoolFormat.decode($0, at: 0)?.record }
            precondition(read == record, "a record that does not come back")
            offset = next
        }
        // What was acknowledged comes back, whatever its bytes are.
        let record = SpoolRecord(encoding: .protobuf, project: nil, body: Array(bytes))
        var file = SpoolFormat.magic
        SpoolFormat.encode(record, into: &file)
        file.withUnsafeBytes { precondition(SpoolFormat.soundCount($0) == file.count, "a whole record is torn") }
    }

    private func readEnvelope(_ bytes: UnsafeRawBufferPointer) {
        guard let envelope = try? Envelope(decoding: bytes) else { return }
        let again = envelope.encoded()
        let read = again.withUnsafeBytes { try? Envelope(decoding: $0) }
        // Texts that were no UTF-8 have become longer, and may then be cut.
        guard envelope.topic.utf8.count < 256, envelope.sender.utf8.count < 256 else { return }
        precondition(read == envelope, "an envelope that does not come back")
    }
}
