/// The options that look like a misspelt name, the nearest first.
func suggestions(for name: String, among options: [String]) -> [String] {
    let input = Array(name.utf8)
    let threshold = Int(Double(input.count) * 0.4) + 1
    var distances: [(option: String, distance: Int)] = []
    for option in options {
        guard let distance = editDistance(input, Array(option.utf8), atMost: threshold) else { continue }
        guard !distances.contains(where: { $0.option == option }) else { continue }
        distances.append((option, distance))
    }
    distances.sort {
        $0.distance == $1.distance ? isNaturallyOrdered($0.option, $1.option) : $0.distance < $1.distance
    }
    return distances.map(\.option)
}

/// ` Did you mean 'A', 'B', or 'C'?`, with five options at most; nothing where there is none.
func didYouMean(_ options: [String], _ what: String = "") -> String {
    let quoted = options.prefix(5).map { "'\($0)'" }
    guard let last = quoted.last else { return "" }
    let others = quoted.dropLast()
    let list =
        switch others.count {
        case 0: last
        case 1: "\(others[0]) or \(last)"
        default: others.joined(separator: ", ") + ", or " + last
        }
    return " Did you mean \(wrapped("", what, " "))\(list)?"
}

/// How many letters must be added, removed, exchanged or swapped with a neighbour; letter case counts as one change.
/// Nil where that is more than allowed.
private func editDistance(_ input: [UInt8], _ option: [UInt8], atMost threshold: Int) -> Int? {
    if input == option { return 0 }
    let lowered = (input.map(lowercased), option.map(lowercased))
    if lowered.0 == lowered.1 { return 1 }
    let (long, short) = input.count > option.count ? lowered : (lowered.1, lowered.0)
    guard long.count - short.count <= threshold else { return nil }
    var rows = [[Int]](repeating: [Int](0...short.count), count: 3)
    for i in 1..<(long.count + 1) {
        let upper = rows[(i - 1) % 3]
        var row = [i] + [Int](repeating: 0, count: short.count)
        var smallest = i
        for j in 1..<(short.count + 1) {
            let cost = long[i - 1] == short[j - 1] ? 0 : 1
            var cell = min(upper[j] + 1, row[j - 1] + 1, upper[j - 1] + cost)
            if i > 1, j > 1, long[i - 1] == short[j - 2], long[i - 2] == short[j - 1] {
                cell = min(cell, rows[(i - 2) % 3][j - 2] + 1)
            }
            smallest = min(smallest, cell)
            row[j] = cell
        }
        if smallest > threshold { return nil }
        rows[i % 3] = row
    }
    let distance = rows[long.count % 3][short.count]
    return distance <= threshold ? distance : nil
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}

/// Whether the first name comes before the second where runs of digits count as numbers.
func isNaturallyOrdered(_ first: String, _ second: String) -> Bool {
    var left = Array(first.utf8)[...]
    var right = Array(second.utf8)[...]
    while let a = left.first, let b = right.first {
        if isDigit(a) && isDigit(b) {
            let (leftRun, rightRun) = (left.prefix(while: isDigit), right.prefix(while: isDigit))
            let (leftDigits, rightDigits) = (significant(leftRun), significant(rightRun))
            if leftDigits.count != rightDigits.count { return leftDigits.count < rightDigits.count }
            if leftDigits != rightDigits { return leftDigits.lexicographicallyPrecedes(rightDigits) }
            if leftRun != rightRun { return leftRun.lexicographicallyPrecedes(rightRun) }
            left = left.dropFirst(leftRun.count)
            right = right.dropFirst(rightRun.count)
        } else if a != b {
            if isDigit(a) != isDigit(b) { return isDigit(a) }
            return a < b
        } else {
            left = left.dropFirst()
            right = right.dropFirst()
        }
    }
    return left.isEmpty && !right.isEmpty
}

private func significant(_ digits: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    digits.drop { $0 == UInt8(ascii: "0") }
}
