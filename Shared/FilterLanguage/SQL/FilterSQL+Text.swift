import Database

/// Containment without regard to case.
extension FilterSQL {
    mutating func contains(_ haystack: String, _ needle: FilterValue) -> String {
        guard case .literal(.text(let text)) = needle else { return containsField(haystack, write(needle)) }
        return CaseInsensitiveText.contains(haystack, text, dialect) { parameter($0) }
    }

    /// Where both sides are fields, only the letters A to Z have a case.
    private func containsField(_ haystack: String, _ needle: String) -> String {
        switch dialect {
        case .postgres: "(strpos(lower(\(haystack) COLLATE \"C\"), lower(\(needle) COLLATE \"C\")) > 0)"
        case .sqlite: "(instr(lower(\(haystack)), lower(\(needle))) > 0)"
        }
    }
}

/// Patterns of both engines that match a text anywhere, in any case, character by character.
enum CasePattern {
    /// For Postgres' `~` (advanced regular expressions).
    static func regularExpression(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let variants = variants(of: scalar)
            if variants.count > 1 { return "[\(variants)]" }
            let isPlain = scalar.value >= 0x80 || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            return isPlain ? "\(scalar)" : "\\\(scalar)"
        }.joined()
    }

    /// For SQLite's GLOB, whose classes hold any characters of Unicode.
    static func glob(_ text: String) -> String {
        "*"
            + text.unicodeScalars.map { scalar in
                let variants = variants(of: scalar)
                let isSpecial = scalar == "*" || scalar == "?" || scalar == "["
                return variants.count > 1 || isSpecial ? "[\(variants)]" : "\(scalar)"
            }.joined() + "*"
    }

    /// A letter in each of its cases, where that is one letter; else the character alone.
    private static func variants(of scalar: Unicode.Scalar) -> String {
        var variants = String.UnicodeScalarView([scalar])
        for mapping in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
            let mapped = mapping.unicodeScalars
            guard mapped.count == 1, let other = mapped.first, !variants.contains(other) else { continue }
            variants.append(other)
        }
        return String(variants)
    }
}
