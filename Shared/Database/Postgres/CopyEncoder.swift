/// Writes rows in the format of `COPY … (FORMAT binary)`. Every row begins with `beginRow`, then has one value for each
/// column, of the column's own type: the server takes the bytes as they are and converts nothing.
public struct CopyEncoder {
    static let signature: [UInt8] = [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00]
    private static let pieceSize = 256 << 10

    private let buffer: GrowingBytes
    private let send: (UnsafeRawBufferPointer) throws -> Void
    private var valuesMissing = 0
    private var hasOversized = false

    init(buffer: GrowingBytes, send: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.buffer = buffer
        self.send = send
        buffer.removeAll()
        Self.signature.withUnsafeBytes { buffer.append($0) }
        // Flags, and the length of an extension of the header.
        buffer.append(Int32(0))
        buffer.append(Int32(0))
    }

    /// Begins a row. Sends what has gathered once it is a large piece; throws if the connection breaks then, or if the
    /// row before has not got all its values.
    public mutating func beginRow(columnCount: Int) throws {
        try checkRow()
        if buffer.count >= Self.pieceSize { try flush() }
        valuesMissing = columnCount
        buffer.append(Int16(columnCount))
    }

    public mutating func appendNull() {
        valuesMissing -= 1
        buffer.append(Int32(-1))
    }

    /// For a column of type `smallint`.
    public mutating func append(_ value: Int16) {
        valuesMissing -= 1
        buffer.append(Int32(2))
        buffer.append(value)
    }

    /// For a column of type `integer`.
    public mutating func append(_ value: Int32) {
        valuesMissing -= 1
        buffer.append(Int32(4))
        buffer.append(value)
    }

    /// For a column of type `bigint`.
    public mutating func append(_ value: Int64) {
        valuesMissing -= 1
        buffer.append(Int32(8))
        buffer.append(value)
    }

    /// For a column of type `double precision`.
    public mutating func append(_ value: Double) {
        valuesMissing -= 1
        buffer.append(Int32(8))
        buffer.append(value.bitPattern)
    }

    /// For a column of type `boolean`.
    public mutating func append(_ value: Bool) {
        valuesMissing -= 1
        buffer.append(Int32(1))
        buffer.append(UInt8(value ? 1 : 0))
    }

    /// For a column of type `text`, `varchar` or `json` (valid UTF-8 without NUL), or `bytea`.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        valuesMissing -= 1
        guard let size = Int32(exactly: bytes.count) else {
            hasOversized = true
            return
        }
        buffer.append(size)
        buffer.append(bytes)
    }

    /// For a column of type `text`, `varchar` or `json`.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// For a column of type `bytea`.
    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    mutating func finish() throws {
        try checkRow()
        buffer.append(Int16(-1))
        try flush()
    }

    private func checkRow() throws {
        guard valuesMissing == 0 else {
            throw DatabaseError.failed(
                sqlState: "22P04", message: "a row of COPY has \(abs(valuesMissing)) values too few or too many")
        }
        guard !hasOversized else {
            throw DatabaseError.failed(sqlState: "54000", message: "a value of COPY is larger than 2 GiB")
        }
    }

    private func flush() throws {
        try send(buffer.bytes)
        buffer.removeAll()
    }
}
