/// Cuts what a service writes into lines.
struct LineSplitter {
    /// A line without an end is passed on in pieces of this size.
    static let lineBytesMax = 64 << 10

    private var rest: [UInt8] = []

    /// The lines that are complete with these bytes, without their line breaks.
    mutating func append(_ bytes: some Collection<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(rest)
                rest = []
            } else {
                rest.append(byte)
                if rest.count >= Self.lineBytesMax {
                    lines.append(rest)
                    rest = []
                }
            }
        }
        return lines
    }

    /// What came after the last line break, if anything; nothing more will come.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }
}
