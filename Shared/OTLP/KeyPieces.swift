/// The dotted pieces of attribute keys. A plain key has no empty piece and no piece with white space at an end.
enum KeyPieces {
    private static let dot = UInt8(ascii: ".")

    /// Where the piece that starts at `start` ends: at the next dot or the key's end.
    @inline(__always)
    static func end(in key: Bytes, from start: Int) -> Int {
        guard let bytes = key.baseAddress else { return 0 }
        var position = start
        while position &+ 8 <= key.count {
            let dots = Word.equal(Word.load(bytes + position), to: dot)
            if dots != 0 { return position &+ Word.firstMarked(dots) }
            position &+= 8
        }
        while position < key.count, bytes[position] != dot { position &+= 1 }
        return position
    }

    @inline(__always)
    static func commonPrefix(_ left: Bytes, _ right: Bytes) -> Int {
        guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else { return 0 }
        let count = min(left.count, right.count)
        var position = 0
        while position + 8 <= count {
            let difference = Word.load(leftStart + position) ^ Word.load(rightStart + position)
            if difference != 0 { return position &+ Word.firstMarked(difference) }
            position &+= 8
        }
        while position < count, leftStart[position] == rightStart[position] { position &+= 1 }
        return position
    }

    /// Whether the key is plain. False too for some that are: those with a space or a character beyond ASCII in them.
    @inline(__always)
    static func isSurelyPlain(_ key: Bytes) -> Bool {
        guard let bytes = key.baseAddress, let first = key.first, let last = key.last, first != dot, last != dot else {
            return false
        }
        var position = 0
        // Each step begins at the last byte of the one before, so that two dots in a row are seen in one word.
        while position &+ 8 <= key.count {
            let word = Word.load(bytes + position)
            let dots = Word.equal(word, to: dot)
            guard Word.beyondASCIIOrSpace(word) == 0, dots & (dots << 8) == 0 else { return false }
            position &+= 7
        }
        while position < key.count {
            let byte = bytes[position]
            guard byte > 0x20, byte < 0x80, byte != dot || bytes[position &- 1] != dot else { return false }
            position &+= 1
        }
        return true
    }

    /// The key with its pieces trimmed and without empty ones.
    static func plain(_ key: Bytes, arena: inout ScratchArena) -> Bytes {
        var plain: [UInt8] = []
        plain.reserveCapacity(key.count)
        var start = 0
        while start <= key.count {
            let end = end(in: key, from: start)
            let piece = key.slice(start, end).trimmed
            if !piece.isEmpty {
                if !plain.isEmpty { plain.append(dot) }
                plain.append(contentsOf: piece)
            }
            start = end + 1
        }
        return plain.withUnsafeBufferPointer { arena.keep($0) }
    }

    /// Orders numbers in digits without zeros before them. Negative where `left` comes first, 0 where both are equal.
    static func compareNumbers(_ left: Bytes, _ right: Bytes) -> Int {
        left.count == right.count ? compareBytes(left, right) : left.count - right.count
    }

    static func compareBytes(_ left: Bytes, _ right: Bytes) -> Int {
        let common = commonPrefix(left, right)
        guard common < left.count, common < right.count else { return left.count - right.count }
        return Int(left[common]) - Int(right[common])
    }
}
