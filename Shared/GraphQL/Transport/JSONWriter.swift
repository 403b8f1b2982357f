/// Writes JSON (RFC 8259) as UTF-8 bytes.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ byte: UInt8) { bytes.append(byte) }
    mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    mutating func writeNull() { append("null") }

    mutating func writeKey(_ key: String) {
        write(key)
        append(UInt8(ascii: ":"))
    }

    mutating func write(_ value: OutputValue) {
        switch value {
        case .null, .object, .failure: writeNull()
        case .boolean(let flag): append(flag ? "true" : "false")
        case .int(let number): write(number)
        case .float(let number): write(number)
        case .string(let text): write(text)
        case .json(let text): append(text)
        case .list(let items): writeList(items) { writer, item in writer.write(item) }
        case .map(let entries):
            writeObject(entries) { writer, entry in
                writer.writeKey(entry.key)
                writer.write(entry.value)
            }
        }
    }

    mutating func writeList<Item>(_ items: [Item], _ writeItem: (inout JSONWriter, Item) -> Void) {
        writeItems(items, UInt8(ascii: "["), UInt8(ascii: "]"), writeItem)
    }

    mutating func writeObject<Item>(_ items: [Item], _ writeEntry: (inout JSONWriter, Item) -> Void) {
        writeItems(items, UInt8(ascii: "{"), UInt8(ascii: "}"), writeEntry)
    }

    private mutating func writeItems<Item>(
        _ items: [Item], _ open: UInt8, _ close: UInt8, _ writeItem: (inout JSONWriter, Item) -> Void
    ) {
        append(open)
        for (index, item) in items.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            writeItem(&self, item)
        }
        append(close)
    }

    mutating func write(_ number: Int) {
        if number >= 0, number < 10 { return append(UInt8(ascii: "0") + UInt8(number)) }
        append(String(number))
    }

    /// JSON has neither infinity nor NaN: null stands for them.
    mutating func write(_ number: Double) {
        guard number.isFinite else { return writeNull() }
        append(printedFloat(number))
    }

    mutating func write(_ text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            if utf8.allSatisfy({ !isEscaped($0) }) {
                bytes.append(contentsOf: utf8)
            } else {
                writeEscaping(utf8)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func writeEscaping(_ utf8: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for position in utf8.indices where isEscaped(utf8[position]) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<position]))
            writeEscaped(utf8[position])
            start = position + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        default: append("\\u" + hexadecimal(UInt32(byte), digits: 4))
        }
    }
}

private func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
}
