import CZlib

/// A request that was acknowledged before the database had it: its own bytes, to be decoded again when they are drained.
public struct SpoolRecord: Sendable, Equatable {
    /// How `body` is to be read.
    public enum Encoding: UInt8, Sendable {
        case protobuf = 1
        case json = 2
    }

    public var encoding: Encoding
    /// The project that the request named beside its body; nil for none.
    public var project: String?
    public var body: [UInt8]

    public init(encoding: Encoding, project: String?, body: [UInt8]) {
        self.encoding = encoding
        self.project = project
        self.body = body
    }
}

/// A record on disk, all numbers little-endian:
///
/// ```
/// | payload count: u32 | CRC-32 of the payload: u32 | payload …                                        |
///                                                   | encoding: u8 | project count: u16 | project | body |
/// ```
///
/// A project count of 65,535 means none. A record whose sum does not match, or that the file's end cuts, was not
/// acknowledged: it and what follows is dropped.
enum SpoolFormat {
    static let magic: [UInt8] = Array("BENNUSP1".utf8)
    static let headerCount = 8
    private static let noProject = UInt16.max

    static func encode(_ record: SpoolRecord, into output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: [UInt8](repeating: 0, count: headerCount))
        output.append(record.encoding.rawValue)
        let project = record.project.map { Array($0.utf8.prefix(Int(noProject) - 1)) }
        appendLittleEndian(project.map { UInt16($0.count) } ?? noProject, to: &output)
        output.append(contentsOf: project ?? [])
        output.append(contentsOf: record.body)
        let count = UInt32(output.count - start - headerCount)
        let sum = checksum(output[(start + headerCount)...])
        for position in 0..<4 {
            output[start + position] = UInt8(truncatingIfNeeded: count >> (8 * UInt32(position)))
            output[start + 4 + position] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(position)))
        }
    }

    /// The record at `offset` of a segment and where the next one begins; nil at the end and where the bytes are torn.
    static func decode(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> (record: SpoolRecord, next: Int)? {
        guard offset + headerCount <= bytes.count else { return nil }
        let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        let sum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        let start = offset + headerCount
        guard count >= 3, start + count <= bytes.count else { return nil }
        let payload = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
        guard checksum(payload) == sum, let encoding = SpoolRecord.Encoding(rawValue: payload[0]) else { return nil }
        let projectCount = UInt16(littleEndian: payload.loadUnaligned(fromByteOffset: 1, as: UInt16.self))
        let bodyStart = 3 + (projectCount == noProject ? 0 : Int(projectCount))
        guard bodyStart <= count else { return nil }
        let project = projectCount == noProject ? nil : String(decoding: payload[3..<bodyStart], as: UTF8.self)
        let record = SpoolRecord(encoding: encoding, project: project, body: Array(payload[bodyStart...]))
        return (record, start + count)
    }

    /// How many of the segment's bytes are whole records, the file's magic included; 0 where even that is missing.
    static func soundCount(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count >= magic.count, bytes.prefix(magic.count).elementsEqual(magic) else { return 0 }
        var offset = magic.count
        while let (_, next) = decode(bytes, at: offset) { offset = next }
        return offset
    }

    private static func checksum(_ payload: ArraySlice<UInt8>) -> UInt32 {
        payload.withUnsafeBytes { checksum($0) }
    }

    private static func checksum(_ payload: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(
            truncatingIfNeeded: crc32_z(0, payload.baseAddress?.assumingMemoryBound(to: UInt8.self), payload.count))
    }

    private static func appendLittleEndian(_ value: UInt16, to output: inout [UInt8]) {
        output.append(UInt8(truncatingIfNeeded: value))
        output.append(UInt8(truncatingIfNeeded: value >> 8))
    }
}
