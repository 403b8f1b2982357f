/// Whether a regular expression can be matched in time whatever the text. Ours goes back and tries again, so that a group
/// which is repeated, or many repetitions in a row, can take for ever over a text that nearly matches; whoever may add a
/// model must not be able to stop the collectors with it.
enum PatternCost {
    /// Each multiplies the steps by the length of the text.
    private static let repetitionsMax = 3

    static func isBounded(_ pattern: String) -> Bool {
        var reader = Reader(scalars: Array(pattern.unicodeScalars))
        return reader.repetitions().map { $0 <= repetitionsMax } ?? false
    }

    private struct Reader {
        let scalars: [Unicode.Scalar]
        private var position = 0

        init(scalars: [Unicode.Scalar]) {
            self.scalars = scalars
        }

        /// How many there are; nil where a group is repeated, or what a group matched is to come again.
        mutating func repetitions() -> Int? {
            var count = 0
            while position < scalars.count {
                let isGroup = scalars[position] == ")"
                guard skipAtom() else { return nil }
                guard skipRepetition() else { continue }
                if isGroup { return nil }
                count += 1
            }
            return count
        }

        /// Past one character, escape or class. False at a reference to a group.
        private mutating func skipAtom() -> Bool {
            defer { position += 1 }
            switch scalars[position] {
            case "\\":
                position += 1
                guard position < scalars.count else { return true }
                return !("1"..."9" ~= scalars[position]) && scalars[position] != "k"
            case "[":
                position += 1
                while position < scalars.count, scalars[position] != "]" {
                    position += scalars[position] == "\\" ? 2 : 1
                }
                return true
            default: return true
            }
        }

        /// Whether what was just read may come any number of times. What may be missing is no repetition.
        private mutating func skipRepetition() -> Bool {
            guard position < scalars.count else { return false }
            switch scalars[position] {
            case "*", "+": position += 1
            case "{":
                while position < scalars.count, scalars[position] != "}" { position += 1 }
                position += 1
            default: return false
            }
            if position < scalars.count, scalars[position] == "?" || scalars[position] == "+" { position += 1 }
            return true
        }
    }
}
