/// Patterns for LIKE with `ESCAPE '\'`.
enum LikePattern {
    /// Matches text that contains `text`, in which `%` and `_` are ordinary characters.
    static func containing(_ text: String) -> String {
        var pattern = "%"
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { pattern.append("\\") }
            pattern.unicodeScalars.append(scalar)
        }
        return pattern + "%"
    }

    /// Patterns of which one matches what LOWER has made of a text that contains `text` in any case.
    ///
    /// LOWER of SQLite knows the letters of ASCII only, so what lies beyond them is looked for in lower case and in upper
    /// case: "über" finds "Über" and "ÜBER".
    static func containingInAnyCase(_ text: String) -> [String] {
        let lower = text.lowercased()
        let upper = String(String.UnicodeScalarView(text.uppercased().unicodeScalars.map(lowercasedASCII)))
        return (lower == upper ? [lower] : [lower, upper]).map(containing)
    }

    private static func lowercasedASCII(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }
}
