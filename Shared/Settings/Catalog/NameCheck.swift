/// Looks at the names of set variables: which are misspelled, and which have no effect.
enum NameCheck {
    private static let prefixes = ["PHOENIX_", "BENNU_"]

    /// One line for each name that means nothing, and one that lists all that have no effect.
    static func warnings(_ environment: Environment) -> [String] {
        var warnings: [String] = []
        var unserved: [String] = []
        for name in environment.names.sorted() where prefixes.contains(where: name.hasPrefix) {
            guard environment[name] != nil else { continue }
            guard let variable = VariableCatalog.variable(named: name) else {
                if !isFromKubernetes(name, environment) { warnings.append(unknown(name)) }
                continue
            }
            switch variable.support {
            case .notServed: unserved.append(name)
            case .replaced(let reason): warnings.append("\(name) has no effect: \(reason)")
            case .served, .needless, .clientSide: break
            }
        }
        if !unserved.isEmpty {
            warnings.append(
                "known from Phoenix, but without effect in this release: \(unserved.joined(separator: ", "))")
        }
        return warnings
    }

    private static func unknown(_ name: String) -> String {
        guard let suggestion = suggestion(for: name) else {
            return "\(name) is not a variable of Bennu's; it is ignored"
        }
        return "\(name) is not a variable of Bennu's and is ignored; did you mean \(suggestion)?"
    }

    /// The known name that needs the fewest changes, if they are few.
    static func suggestion(for name: String) -> String? {
        let limit = max(2, name.count / 5)
        let known = VariableCatalog.all.map(\.name) + VariableCatalog.families.flatMap { $0.names(like: name) }
        let candidates = known.map { ($0, EditDistance.between($0, name)) }
        if let nearest = candidates.min(by: { $0.1 < $1.1 }), nearest.1 <= limit { return nearest.0 }
        // A word that is written out: `DIRECTORY` for `DIR`.
        return known.filter { name.hasPrefix($0) && !name.dropFirst($0.count).contains("_") }.max {
            $0.count < $1.count
        }
    }

    /// Kubernetes describes each Service of the namespace by variables that begin with its name: one named `phoenix` makes
    /// `PHOENIX_SERVICE_HOST`, `PHOENIX_PORT_6006_TCP_ADDR` and more. Nobody meant them for us.
    static func isFromKubernetes(_ name: String, _ environment: Environment) -> Bool {
        if name.hasSuffix("_SERVICE_HOST") || name.contains("_SERVICE_PORT") { return true }
        if let value = environment[name], name.hasSuffix("_PORT"), value.contains("://") { return true }
        guard let range = name.firstRange(of: "_PORT_") else { return false }
        let rest = name[range.upperBound...].split(separator: "_")
        return rest.count > 1 && rest[0].allSatisfy(\.isNumber) && ["TCP", "UDP", "SCTP"].contains(rest[1])
    }
}

/// How many letters must be changed, put in, left out or swapped with their neighbour to turn one word into another
/// (Damerau and Levenshtein, restricted: no letter is touched twice).
enum EditDistance {
    static func between(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
