/// The nearest of some names to one that is not known.
enum Suggestion {
    /// `; did you mean 'x'?`, or nothing where none is near.
    static func ending(for name: String, among names: some Sequence<String>) -> String {
        let limit = max(1, name.count / 3)
        let near = names.lazy.map { (distance: distance(name, $0), name: $0) }.filter { $0.distance <= limit }
        guard let best = near.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return "" }
        return "; did you mean '\(best.name)'?"
    }

    /// How many characters must be inserted, removed, replaced or swapped with their neighbour (optimal string alignment).
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8.prefix(100)), Array(right.utf8.prefix(100)))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, leftByte) in left.enumerated() {
            var current = [row + 1]
            for (column, rightByte) in right.enumerated() {
                var best = min(
                    last[column + 1] + 1, current[column] + 1, last[column] + (leftByte == rightByte ? 0 : 1))
                if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
