/// Search filters (RFC 4515).
enum SearchFilter {
    /// The filter with a value put in for each `%s`, so that it can be nothing but a value.
    static func filled(_ filter: String, with value: String) -> String {
        filter.replacing("%s", with: escaped(value))
    }

    /// Section 3: what means something in a filter is written as its code.
    static func escaped(_ value: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch scalar {
            case "*", "(", ")", "\\", "\0"..<" ", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                text.append(contentsOf: (digits.count == 1 ? "\\0" : "\\").unicodeScalars)
                text.append(contentsOf: digits.unicodeScalars)
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}
