import Compression
import NIOCore
import NIOHPACK

/// What a unary call's headers and bytes say of its one message (gRPC over HTTP/2, "Length-Prefixed-Message"), so that
/// what gRPC's own server would trip over never reaches it.
struct CallFraming {
    enum Fault: Error, CustomStringConvertible {
        case incomplete
        case several
        case compression

        var description: String {
            switch self {
            case .incomplete: "the call has no whole message"
            case .several: "the call has more than one message"
            case .compression: "the message is compressed, and no grpc-encoding says how"
            }
        }
    }

    /// Whether it is compressed, and its length.
    private static let prefixSize = 5
    private static let encodingHeader = "grpc-encoding"
    private static let acceptHeader = "grpc-accept-encoding"
    private static let timeoutHeader = "grpc-timeout"

    /// How the message is compressed if it is; nil where nothing says so, or what is said is not known.
    private(set) var coding: ContentCoding?
    private(set) var isCompressed = false
    /// Nil until the bytes before the message are there.
    private(set) var messageLength: Int?
    private var hasUnknownCoding = false
    private var prefix: [UInt8] = []
    private var missing = 0

    /// The whole message has come.
    var isComplete: Bool { messageLength != nil && missing == 0 }

    /// Reads a call's headers, and takes out of them what gRPC must not act on: codings, since whatever is compressed is
    /// inflated by us, and timeouts that are none, for which it ends the process.
    mutating func begin(_ headers: inout HPACKHeaders) {
        headers.remove(name: MessageAdmission.codingHeader)
        if let timeout = headers.first(name: Self.timeoutHeader), !Self.isTimeout(timeout) {
            headers.remove(name: Self.timeoutHeader)
        }
        guard let name = headers.first(name: Self.encodingHeader), let known = ContentCoding(header: name) else {
            // gRPC says that it is not known.
            hasUnknownCoding = headers.contains(name: Self.encodingHeader)
            return
        }
        headers.remove(name: Self.encodingHeader)
        coding = known == .identity ? nil : known
    }

    /// Takes the next bytes of the call, of which there is one at least; returns how many of them, at their end, are the
    /// message's own. The byte that says that the message is compressed says afterwards that it is not.
    mutating func take(_ bytes: inout ByteBuffer) throws(Fault) -> Int {
        if prefix.isEmpty { try takeFlag(&bytes) }
        let before = min(Self.prefixSize - prefix.count, bytes.readableBytes)
        if before > 0 {
            prefix += bytes.readableBytesView.prefix(before)
            guard prefix.count == Self.prefixSize else { return 0 }
            missing = prefix.dropFirst().reduce(0) { $0 << 8 | Int($1) }
            messageLength = missing
        }
        missing -= bytes.readableBytes - before
        guard missing >= 0 else { throw .several }
        return bytes.readableBytes - before
    }

    private mutating func takeFlag(_ bytes: inout ByteBuffer) throws(Fault) {
        switch bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) {
        case nil, 0: return
        case 1 where coding != nil:
            isCompressed = true
            bytes.setInteger(UInt8(0), at: bytes.readerIndex)
        case 1 where hasUnknownCoding: return
        default: throw .compression
        }
    }

    /// Where gRPC tells a sender which codings it knows, tells which are known here.
    static func nameCodings(in headers: inout HPACKHeaders) {
        guard headers.contains(name: acceptHeader) else { return }
        let names = ContentCoding.allCases.map(\.rawValue).joined(separator: ",")
        headers.replaceOrAdd(name: acceptHeader, value: names)
    }

    /// A number of at most eight digits and a unit (gRPC over HTTP/2, "Timeout").
    private static func isTimeout(_ text: String) -> Bool {
        guard let unit = text.utf8.last, "HMSmun".utf8.contains(unit) else { return false }
        let digits = text.utf8.dropLast()
        return (1...8).contains(digits.count) && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}
