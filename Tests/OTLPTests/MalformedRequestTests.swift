import Domain
import Foundation
import OTLP
import Testing

@Suite struct MalformedRequestTests {
    @Test(
        arguments: [
            ([0x0A], .truncated, 1), ([0x0A, 0x05, 0x00], .truncated, 2), ([0x80], .truncated, 0),
            ([UInt8](repeating: 0xFF, count: 11), .malformedVarint, 0), ([0x00, 0x00], .malformedTag, 1),
            ([0x0E], .malformedTag, 1), ([0x0C], .malformedTag, 1), ([0x0B, 0x08, 0x01], .truncated, 3),
            ([UInt8](repeating: 0x0B, count: 1000), .nestedTooDeeply, 33), ([0x11, 0x00], .truncated, 1),
        ] as [([UInt8], OTLPDecodingError.Reason, Int)])
    func malformedBytesAreToldWithTheirPlace(
        _ bytes: [UInt8], _ reason: OTLPDecodingError.Reason, _ offset: Int
    ) {
        #expect(throws: OTLPDecodingError(reason, offset: offset)) { try ExportTraceRequest.decode(protobuf: bytes) }
    }

    @Test func theErrorSaysWhatAndWhere() {
        #expect(OTLPDecodingError(.truncated, offset: 12).description == "the request ends inside a field at byte 12")
        #expect(
            OTLPDecodingError(.wrongType(field: "kind"), offset: 3).description
                == "wrong type of value for kind at byte 3")
    }

    @Test func aRequestCutAnywhereIsRefusedOrWhole() throws {
        let bytes = request([Self.rich, Self.rich], resource: ["service.name": "app"])
        for length in 1..<bytes.count {
            #expect(throws: OTLPDecodingError.self) { try ExportTraceRequest.decode(protobuf: Array(bytes[..<length])) }
        }
    }

    @Test func changedBytesNeverBreakTheDecoder() throws {
        var generator = SeededGenerator("changed bytes")
        let original = request([Self.rich, Self.genAI, TestSpan()], resource: ["service.name": "app"])
        for _ in 0..<4000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &generator) { mutate(&bytes, &generator) }
            guard let batch = try? ExportTraceRequest.decode(protobuf: bytes) else { continue }
            try check(batch, "SEED=\(generator.seed)")
        }
    }

    @Test func randomBytesNeverBreakTheDecoder() throws {
        var generator = SeededGenerator("random bytes")
        for _ in 0..<4000 {
            let count = Int.random(in: 0...60, using: &generator)
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            // Inside a span, most noise reaches the readers of attributes.
            let bytes = WireMessage {
                $0.message(1) { $0.message(2) { $0.message(2) { $0.bytes = TestSpan().message.bytes + noise } } }
            }
            for bytes in [noise, bytes.bytes] {
                guard let batch = try? ExportTraceRequest.decode(protobuf: bytes) else { continue }
                try check(batch, "SEED=\(generator.seed)")
            }
        }
    }

    @Test func changedJSONNeverBreaksTheDecoder() throws {
        var generator = SeededGenerator("changed JSON")
        let original = Array(OTLPJSONTests.rich.utf8)
        for _ in 0..<4000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
            guard let batch = try? ExportTraceRequest.decode(json: bytes) else { continue }
            try check(batch, "SEED=\(generator.seed)")
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        default:
            let end = min(bytes.count, place + Int.random(in: 1...20, using: &generator))
            bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &generator))
        }
    }

    /// Whatever was decoded must be what the database takes.
    private func check(_ batch: SpanBatch, _ seed: String) throws {
        for record in batch.spans {
            let texts = [
                record.name, record.statusMessage, record.attributes, record.events, record.otlp, record.modelName,
                record.provider,
                record.sessionID, record.userID, record.inputPreview, record.outputPreview,
                batch.resources[Int(record.resource)].json,
            ]
            for slice in texts.compactMap(\.self) {
                let bytes = batch.bytes[slice.range]
                #expect(!bytes.contains(0), "\(seed)")
                #expect(String(validating: bytes, as: UTF8.self) != nil, "\(seed)")
            }
            for slice in [record.attributes, record.events, record.otlp, batch.resources[Int(record.resource)].json] {
                guard let slice else { continue }
                let value = try? JSONSerialization.jsonObject(with: Data(batch.bytes[slice.range]))
                #expect(value != nil, "\(seed) \(batch.text(slice))")
            }
            #expect(record.endTime >= record.startTime, "\(seed)")
        }
    }

    private static var rich: TestSpan {
        var span = TestSpan([
            "openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "input.value": ["q": "naïve \"text\" 🙂"],
            "llm.input_messages.0.message.role": "user", "llm.input_messages.1.message.content": "x\ny",
            "metadata": "{\"k\": [1, null]}",
            "llm.token_count.prompt": 5, "llm.token_count.prompt_details.audio": 2, "score": 0.25, "flag": true,
            "session.id": " s ", "blob": .bytes([1, 2, 3]), "deep": [[["a": [1, 2]]]], "a.0": 1, "a.0.b": 2,
        ])
        span.parentID = Array(1...8)
        span.extra = {
            $0.message(11) {
                $0.fixed64(1, 5)
                $0.text(2, "exception")
                $0.attribute(3, "exception.message", "boom")
            }
            $0.message(13) {
                $0.bytes(1, Array(1...16))
                $0.attribute(4, "k", "v")
            }
            $0.message(15) { $0.number(3, 2) }
            $0.fixed32(16, 256)
        }
        return span
    }

    private static var genAI: TestSpan {
        TestSpan([
            "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 3,
            "gen_ai.input.messages": #"[{"role": "user", "parts": [{"type": "text", "content": "hello"}]}]"#,
            "gen_ai.output.messages": [
                ["role": "assistant", "parts": [["type": "tool_call", "name": "f", "arguments": ["x": 1]]]]
            ],
        ])
    }
}
