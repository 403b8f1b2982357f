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
}
