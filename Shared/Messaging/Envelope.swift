/// What every message travels in, one frame each. All numbers are big-endian:
///
///     "BN" | protocol 1 | kind | topic length, topic | message version, 2 | sender length, sender
///          | correlation, 8 | milliseconds left, 4 | body …
///
/// The topic comes early and after its length, so that a subscription's prefix matches one topic and no longer one.
struct Envelope: Equatable, Sendable {
    enum Kind: UInt8, Sendable, CaseIterable {
        case event = 0
        case request = 1
        case reply = 2
        /// The handler failed; the body is the reason in words.
        case failure = 3
        /// The request was not looked at, so it may go to another instance; the body is the reason in words.
        case refusal = 4
    }

    enum DecodingError: Error, Equatable {
        case notAnEnvelope
        case unknownProtocol(UInt8)
        case malformed
    }

    static let protocolVersion: UInt8 = 1
    private static let magic: [UInt8] = [UInt8(ascii: "B"), UInt8(ascii: "N")]

    var kind: Kind
    var topic: String
    var messageVersion: Int
    /// The id of the instance that sent it.
    var sender: String
    /// Chosen by the requester and returned by the answer; 0 for events.
    var correlation: UInt64 = 0
    /// How long the requester still waits; 0 for all but requests.
    var millisecondsLeft: UInt32 = 0
    var body: [UInt8]

    /// What the frames of all events of a topic begin with.
    static func subscriptionPrefix(topic: String) -> [UInt8] {
        var bytes: [UInt8] = []
        appendStart(kind: .event, topic: topic, to: &bytes)
        return bytes
    }

    /// The frame. The topic and the sender are cut after 255 bytes, the version after 16 bits.
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24 + topic.utf8.count + sender.utf8.count + body.count)
        Self.appendStart(kind: kind, topic: topic, to: &bytes)
        Self.append(UInt16(truncatingIfNeeded: messageVersion), to: &bytes)
        Self.append(text: sender, to: &bytes)
        Self.append(correlation, to: &bytes)
        Self.append(millisecondsLeft, to: &bytes)
        bytes.append(contentsOf: body)
        return bytes
    }

    init(
        kind: Kind, topic: String, messageVersion: Int, sender: String, correlation: UInt64 = 0,
        millisecondsLeft: UInt32 = 0, body: [UInt8]
    ) {
        self.kind = kind
        self.topic = topic
        self.messageVersion = messageVersion
        self.sender = sender
        self.correlation = correlation
        self.millisecondsLeft = millisecondsLeft
        self.body = body
    }

    /// Reads a frame; takes any bytes.
    init(decoding frame: UnsafeRawBufferPointer) throws(DecodingError) {
        guard frame.count >= 4, frame[0] == Self.magic[0], frame[1] == Self.magic[1] else { throw .notAnEnvelope }
        guard frame[2] == Self.protocolVersion else { throw .unknownProtocol(frame[2]) }
        var reader = Reader(frame: frame, position: 4)
        guard let kind = Kind(rawValue: frame[3]), let topic = reader.text(), !topic.isEmpty,
            let messageVersion = reader.number(UInt16.self), let sender = reader.text(),
            let correlation = reader.number(UInt64.self), let millisecondsLeft = reader.number(UInt32.self)
        else { throw .malformed }
        self.init(
            kind: kind, topic: topic, messageVersion: Int(messageVersion), sender: sender, correlation: correlation,
            millisecondsLeft: millisecondsLeft, body: Array(frame[reader.position...]))
    }

    private static func appendStart(kind: Kind, topic: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: magic)
        bytes.append(protocolVersion)
        bytes.append(kind.rawValue)
        append(text: topic, to: &bytes)
    }

    private static func append(text: String, to bytes: inout [UInt8]) {
        let text = text.utf8.prefix(Int(UInt8.max))
        bytes.append(UInt8(text.count))
        bytes.append(contentsOf: text)
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private struct Reader {
        let frame: UnsafeRawBufferPointer
        var position: Int

        mutating func number<N: FixedWidthInteger>(_ type: N.Type) -> N? {
            let size = MemoryLayout<N>.size
            guard frame.count - position >= size else { return nil }
            defer { position += size }
            return N(bigEndian: frame.loadUnaligned(fromByteOffset: position, as: N.self))
        }

        mutating func text() -> String? {
            guard let count = number(UInt8.self), frame.count - position >= Int(count) else { return nil }
            defer { position += Int(count) }
            return String(validating: frame[position..<position + Int(count)], as: UTF8.self)
        }
    }
}
