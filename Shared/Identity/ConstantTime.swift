/// Comparisons that tell nothing by how long they take.
enum ConstantTime {
    /// Only the lengths can be told from the time it takes.
    static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for position in left.indices { difference |= left[position] ^ right[position] }
        return difference == 0
    }
}
