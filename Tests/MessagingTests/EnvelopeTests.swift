import Testing

@testable import Messaging

@Suite
struct EnvelopeTests {
    private static let sample = Envelope(
        kind: .request, topic: "spans-arrived", messageVersion: 258, sender: "collector-é", correlation: 0x0102_0304,
        millisecondsLeft: 5_000, body: Array("{\"a\":1}".utf8))

    private func decode(_ bytes: [UInt8]) throws -> Envelope {
        try bytes.withUnsafeBytes { try Envelope(decoding: $0) }
    }

    @Test("What is encoded decodes to the same", arguments: Envelope.Kind.allCases)
    func roundTrip(kind: Envelope.Kind) throws {
        var envelope = Self.sample
        envelope.kind = kind
        #expect(try decode(envelope.encoded()) == envelope)
        envelope.body = []
        #expect(try decode(envelope.encoded()) == envelope)
    }

    @Test("The frame's layout is what other versions rely on")
    func layout() {
        let envelope = Envelope(
            kind: .reply, topic: "ab", messageVersion: 3, sender: "c", correlation: 4, millisecondsLeft: 5, body: [9])
        #expect(
            envelope.encoded() == [
                0x42, 0x4E, 1, 2, 2, 0x61, 0x62, 0, 3, 1, 0x63, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 5, 9,
            ])
    }

    @Test("A subscription's prefix matches its topic and no longer one")
    func prefix() {
        let prefix = Envelope.subscriptionPrefix(topic: "spans")
        let event = { (topic: String) in
            Envelope(kind: .event, topic: topic, messageVersion: 1, sender: "x", body: []).encoded()
        }
        #expect(event("spans").starts(with: prefix))
        #expect(!event("spans-arrived").starts(with: prefix))
    }

    @Test("A frame of another protocol version is told apart from garbage")
    func protocolVersion() {
        var bytes = Self.sample.encoded()
        bytes[2] = 2
        #expect(throws: Envelope.DecodingError.unknownProtocol(2)) { try decode(bytes) }
        bytes[0] = 0
        #expect(throws: Envelope.DecodingError.notAnEnvelope) { try decode(bytes) }
    }

    @Test("A frame that is cut anywhere before its body is refused")
    func truncated() throws {
        let bytes = Self.sample.encoded()
        for count in 0..<bytes.count - Self.sample.body.count {
            #expect(throws: Envelope.DecodingError.self, "\(count) bytes") { try decode(Array(bytes[..<count])) }
        }
    }

    @Test("Any bytes are either refused or read as they would be written")
    func fuzz() {
        var generator = SeededGenerator()
        let sample = Self.sample.encoded()
        for _ in 0..<20_000 {
            var bytes = Bool.random(using: &generator) ? generator.bytes(countMax: 80) : sample
            for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                    in: .min ... .max, using: &generator)
            }
            guard let envelope = try? decode(bytes) else { continue }
            #expect(envelope.encoded() == bytes, "SEED=\(generator.seed)")
        }
    }
}
