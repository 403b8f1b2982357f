import Database

/// Containment of text without regard to case, the same on both engines whatever their locale: a letter of what is looked
/// for matches itself, its lower case and its upper case, as Unicode has them for single letters.
public enum CaseInsensitiveText {
    /// That `expression` contains `needle`. `bind` makes a parameter of a value and returns its `$n`.
    public static func contains(
        _ expression: String, _ needle: String, _ dialect: SQLDialect, bind: (SQLValue) -> String
    ) -> String {
        guard !needle.isEmpty else { return "(length(\(expression)) >= 0)" }
        let isASCII = needle.utf8.allSatisfy { $0 < 0x80 }
        switch (dialect, isASCII) {
        case (.postgres, true):
            return "(strpos(lower(\(expression) COLLATE \"C\"), \(bind(.text(needle.lowercased())))) > 0)"
        case (.sqlite, true): return "(instr(lower(\(expression)), \(bind(.text(needle.lowercased())))) > 0)"
        case (.postgres, false):
            return "(\(expression) COLLATE \"C\" ~ \(bind(.text(CasePattern.regularExpression(needle)))))"
        case (.sqlite, false): return "(\(expression) GLOB \(bind(.text(CasePattern.glob(needle)))))"
        }
    }
}
