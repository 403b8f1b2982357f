/// What the comparison of fields with one response key remembers (October 2021, 5.3.2).
///
/// Pairs of selection sets that were found to agree are not compared again, and there is a bound on the comparisons,
/// so that the time stays small whatever a document contains.
struct OverlappingFields {
    /// A field with the type on which it is selected.
    struct Entry {
        let parent: SchemaType?
        let field: FieldSelection
        let definition: SchemaField?
    }

    /// A selection set's fields by response key in the order of the text, those of inline fragments included, and the
    /// fragments it uses.
    final class FieldMap {
        private(set) var groups: [(key: String, entries: [Entry])] = []
        private(set) var fragmentNames: [String] = []
        private var positions: [String: Int] = [:]

        subscript(key: String) -> [Entry]? { position(of: key).map { groups[$0].entries } }

        private func position(of key: String) -> Int? {
            positions.isEmpty ? groups.firstIndex { $0.key == key } : positions[key]
        }

        func add(_ entry: Entry) {
            let key = entry.field.responseKey
            if let position = position(of: key) {
                groups[position].entries.append(entry)
                return
            }
            groups.append((key, [entry]))
            // Few keys are found faster by looking at each than by hashing.
            if !positions.isEmpty {
                positions[key] = groups.count - 1
            } else if groups.count > 12 {
                for (position, group) in groups.enumerated() { positions[group.key] = position }
            }
        }

        func add(fragmentName name: String) {
            if !fragmentNames.contains(name) { fragmentNames.append(name) }
        }
    }

    /// A response key whose fields disagree, why, and the fields of both sides.
    struct Conflict {
        let key: String
        let reason: String
        let first: [Int32]
        let second: [Int32]
    }

    /// Two things that are compared, in no order.
    struct Pair: Hashable {
        let first: ObjectIdentifier
        let second: ObjectIdentifier
        let isExclusive: Bool

        init(_ one: AnyObject, _ other: AnyObject, _ isExclusive: Bool) {
            let (one, other) = (ObjectIdentifier(one), ObjectIdentifier(other))
            (first, second) = one < other ? (one, other) : (other, one)
            self.isExclusive = isExclusive
        }
    }

    struct NamePair: Hashable {
        let first: String
        let second: String

        init(_ one: String, _ other: String) {
            (first, second) = one < other ? (one, other) : (other, one)
        }
    }

    var maps: [ObjectIdentifier: FieldMap] = [:]
    /// Pairs of fragments that were compared, and whether as mutually exclusive ones.
    private var fragmentPairs: [NamePair: Bool] = [:]
    /// Pairs that agree, or that are being compared.
    var settled: Set<Pair> = []
    var comparisons = 0
    var depth = 0
    static let maximumComparisons = 100_000
    static let maximumDepth = 400

    /// Notes a pair of fragments; answers whether it still has to be compared. Pairs compared as not exclusive need not
    /// be compared as exclusive ones.
    mutating func insert(_ first: String, _ second: String, isExclusive: Bool) -> Bool {
        let pair = NamePair(first, second)
        if let known = fragmentPairs[pair], isExclusive || !known { return false }
        fragmentPairs[pair] = isExclusive
        return true
    }
}
