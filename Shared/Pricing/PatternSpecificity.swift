/// How much of a text a regular expression fixes: ten for a literal character, three for one of a class, one for any;
/// nothing for what may be missing, and one less for what may repeat. Of alternatives the least specific counts.
enum PatternSpecificity {
    static func of(_ pattern: String) -> Int {
        var reader = Reader(scalars: Array(pattern.unicodeScalars))
        return reader.alternatives(depth: 0)
    }

    private struct Reader {
        private static let depthMax = 50

        let scalars: [Unicode.Scalar]
        private var position = 0

        init(scalars: [Unicode.Scalar]) {
            self.scalars = scalars
        }

        private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

        /// Reads to the end of the group, whose bracket is left.
        mutating func alternatives(depth: Int) -> Int {
            var least: Int?
            repeat {
                let score = sequence(depth: depth)
                least = min(least ?? score, score)
            } while take("|")
            return least ?? 0
        }

        private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard next == scalar else { return false }
            position += 1
            return true
        }

        private mutating func sequence(depth: Int) -> Int {
            var score = 0
            while let next, next != "|", next != ")" || depth == 0 {
                let atom = atom(depth: depth)
                score += quantified(atom)
            }
            return score
        }

        private mutating func atom(depth: Int) -> Int {
            let scalar = scalars[position]
            position += 1
            switch scalar {
            case "^", "$": return 0
            case ".": return 1
            case "[":
                skipClass()
                return 3
            case "(" where depth < Self.depthMax:
                if take("?"), next == ":" { position += 1 }
                let score = alternatives(depth: depth + 1)
                _ = take(")")
                return score
            case "\\":
                guard let escaped = next else { return 0 }
                position += 1
                return NamePattern.isWord(escaped) ? 3 : 10
            default: return 10
            }
        }

        private mutating func skipClass() {
            _ = take("^")
            _ = take("]")
            while let next, next != "]" { position += next == "\\" ? 2 : 1 }
            _ = take("]")
        }

        /// What an atom counts with the quantifier behind it.
        private mutating func quantified(_ score: Int) -> Int {
            var counted = score
            switch next {
            case "*", "?":
                position += 1
                counted = 0
            case "+":
                position += 1
                counted = max(score - 1, 0)
            case "{":
                let isOptional =
                    position + 1 < scalars.count && (scalars[position + 1] == "0" || scalars[position + 1] == ",")
                while let next, next != "}" { position += 1 }
                _ = take("}")
                counted = isOptional ? 0 : max(score - 1, 0)
            default: return counted
            }
            _ = take("?") || take("+")
            return counted
        }
    }
}
