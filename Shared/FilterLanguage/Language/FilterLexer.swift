/// Cuts a filter's text into tokens, as Python's lexical analysis does for the part of it that filters use.
struct FilterLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var tokens: [FilterToken] = []

    /// All tokens of a text, with one for its end.
    static func tokens(of scalars: [Unicode.Scalar]) throws(FilterError) -> [FilterToken] {
        var lexer = FilterLexer(scalars: scalars)
        while try lexer.next() {}
        lexer.tokens.append(FilterToken(kind: .end, range: scalars.count..<scalars.count))
        return lexer.tokens
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private func scalar(_ offset: Int = 0) -> Unicode.Scalar? {
        position + offset < scalars.count ? scalars[position + offset] : nil
    }

    private func piece(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }

    private mutating func add(_ kind: FilterToken.Kind, from start: Int) {
        tokens.append(FilterToken(kind: kind, range: start..<position))
    }

    /// Reads one token; false at the end.
    private mutating func next() throws(FilterError) -> Bool {
        skipBlanks()
        guard let first = scalar() else { return false }
        if first == "\"" || first == "'" {
            try readText(prefix: "")
        } else if ("0"..."9").contains(first) || first == "." && scalar(1).map(Self.isDigit) == true {
            try readNumber()
        } else if Self.startsName(first) {
            try readWord()
        } else {
            try readMark()
        }
        return true
    }

    private mutating func skipBlanks() {
        while let scalar = scalar() {
            if scalar == "#" {
                while let next = self.scalar(), next != "\n" { position += 1 }
            } else if [" ", "\t", "\n", "\r", "\u{0C}"].contains(scalar) {
                position += 1
            } else {
                return
            }
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isXIDStart
    }
}

// MARK: - Words and marks

extension FilterLexer {
    private static let refusedWords: Set<String> = [
        "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
        "finally", "from", "global", "import", "lambda", "nonlocal", "pass", "raise", "return", "try", "while", "with",
        "yield",
    ]

    private mutating func readWord() throws(FilterError) {
        let start = position
        while let scalar = scalar(), scalar == "_" || scalar.properties.isXIDContinue { position += 1 }
        let word = piece(start..<position)
        if let quote = scalar(), quote == "\"" || quote == "'", word.unicodeScalars.count <= 2 {
            return try readText(prefix: word.lowercased(), from: start)
        }
        guard !Self.refusedWords.contains(word) else {
            throw FilterError("'\(word)' is not part of the filter language", position: start)
        }
        add(FilterToken.Keyword(rawValue: word).map { .keyword($0) } ?? .name(word), from: start)
    }

    /// What people write who think of another language.
    private static let mistakes: [(mark: String, advice: String)] = [
        ("**", "powers are not supported"), ("//", "whole division is not supported"),
        ("<<", "shifts are not supported"),
        (">>", "shifts are not supported"), ("<>", "write '!=' for unequal"), ("&&", "write 'and'"),
        ("||", "write 'or'"),
        (":=", "assignments are not supported"), ("=", "write '==' to compare"), ("!", "write 'not'"),
        ("&", "write 'and'; bitwise operators are not supported"),
        ("|", "write 'or'; bitwise operators are not supported"),
        ("^", "bitwise operators are not supported"), ("~", "bitwise operators are not supported"),
        (":", "slices are not supported"), ("{", "only lists and tuples are supported"),
    ]

    private mutating func readMark() throws(FilterError) {
        let start = position
        let pair = piece(start..<min(start + 2, scalars.count))
        let single = piece(start..<start + 1)
        if let mark = FilterToken.Mark(rawValue: pair) {
            position += pair.unicodeScalars.count
            return add(.mark(mark), from: start)
        }
        if let (mistake, advice) = Self.mistakes.first(where: { $0.mark == pair || $0.mark == single }) {
            throw FilterError("'\(mistake)': \(advice)", position: start)
        }
        guard let mark = FilterToken.Mark(rawValue: single) else {
            throw FilterError("\(FilterError.shown(single)) is not part of the filter language", position: start)
        }
        position += 1
        add(.mark(mark), from: start)
    }
}

// MARK: - Numbers

extension FilterLexer {
    private mutating func readNumber() throws(FilterError) {
        let start = position
        if scalar() == "0", let letter = scalar(1), let radix = Self.radices[letter] {
            position += 2
            return try readInteger(radix: radix, from: start)
        }
        var digits = readDigits()
        let isInteger = scalar() != "." && scalar() != "e" && scalar() != "E"
        if scalar() == "." {
            position += 1
            digits += "." + readDigits()
        }
        if scalar() == "e" || scalar() == "E" {
            position += 1
            digits += "e"
            if let sign = scalar(), sign == "+" || sign == "-" {
                position += 1
                digits.unicodeScalars.append(sign)
            }
            digits += readDigits()
        }
        try checkEndOfNumber(from: start)
        if isInteger, digits.hasPrefix("0"), digits.contains(where: { $0 != "0" }) {
            throw refusedNumber("must not begin with 0", from: start)
        }
        try addNumber(Double(Self.completed(digits)), from: start)
    }

    private static let radices: [Unicode.Scalar: Int] = ["x": 16, "X": 16, "o": 8, "O": 8, "b": 2, "B": 2]

    private mutating func readInteger(radix: Int, from start: Int) throws(FilterError) {
        var digits = ""
        while let scalar = scalar(), scalar == "_" || scalar.properties.isXIDContinue {
            if scalar != "_" { digits.unicodeScalars.append(scalar) }
            position += 1
        }
        try checkEndOfNumber(from: start)
        try addNumber(Int64(digits, radix: radix).map(Double.init), from: start)
    }

    /// Digits, without the underscores that may group them.
    private mutating func readDigits() -> String {
        var digits = ""
        while let scalar = scalar(), Self.isDigit(scalar) || scalar == "_" && digits != "" {
            if scalar != "_" { digits.unicodeScalars.append(scalar) }
            position += 1
        }
        return digits
    }

    /// `1.` and `.5` as Swift reads them.
    private static func completed(_ digits: String) -> String {
        var text = digits.hasPrefix(".") ? "0" + digits : digits
        if text.hasSuffix(".") { text += "0" }
        return text.replacing(".e", with: ".0e")
    }

    private func checkEndOfNumber(from start: Int) throws(FilterError) {
        guard let next = scalar(), next == "_" || next.properties.isXIDContinue else { return }
        if next == "j" || next == "J" { throw refusedNumber("is a complex number", from: start) }
        throw refusedNumber("is not a number", from: start)
    }

    private mutating func addNumber(_ value: Double?, from start: Int) throws(FilterError) {
        guard let value else { throw refusedNumber("is not a number", from: start) }
        guard value.isFinite else { throw refusedNumber("is too large", from: start) }
        add(.number(value), from: start)
    }

    private func refusedNumber(_ reason: String, from start: Int) -> FilterError {
        var end = position
        while end < scalars.count, scalars[end].properties.isXIDContinue { end += 1 }
        return FilterError("\(FilterError.shown(piece(start..<end))) \(reason)", position: start)
    }
}

// MARK: - Text

extension FilterLexer {
    private mutating func readText(prefix: String, from start: Int? = nil) throws(FilterError) {
        let start = start ?? position
        guard ["", "u", "r"].contains(prefix) else {
            let name = prefix.contains("b") ? "bytes" : prefix.contains("f") ? "an f-string" : "an unknown kind of text"
            throw FilterError(
                "\(name) cannot be compared with anything: write the text without '\(prefix)'", position: start)
        }
        guard let quote = scalar() else { return }
        let isTriple = scalar(1) == quote && scalar(2) == quote
        position += isTriple ? 3 : 1
        var text = String.UnicodeScalarView()
        while let next = scalar() {
            if next == quote, !isTriple || scalar(1) == quote && scalar(2) == quote {
                position += isTriple ? 3 : 1
                return add(.text(String(text)), from: start)
            }
            guard isTriple || next != "\n" else { break }
            guard next != "\0" else { throw FilterError("text must not hold NUL", position: position) }
            position += 1
            if next == "\\" { try readEscape(isRaw: prefix == "r", into: &text) } else { text.append(next) }
        }
        throw FilterError("text has no end: a \(quote) is missing", position: start)
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "\\": "\\", "'": "'", "\"": "\"", "a": "\u{07}", "b": "\u{08}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t",
        "v": "\u{0B}",
    ]
    private static let escapeLengths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]

    /// What follows a backslash. An unknown escape stays as it is, as in Python.
    private mutating func readEscape(isRaw: Bool, into text: inout String.UnicodeScalarView) throws(FilterError) {
        let start = position - 1
        guard let next = scalar() else { return }
        position += 1
        if isRaw {
            text.append("\\")
            text.append(next)
        } else if let escaped = Self.escapes[next] {
            text.append(escaped)
        } else if let length = Self.escapeLengths[next] {
            text.append(try readEscapedScalar(radix: 16, length: length, isExact: true, from: start))
        } else if ("0"..."7").contains(next) {
            position -= 1
            text.append(try readEscapedScalar(radix: 8, length: 3, isExact: false, from: start))
        } else if next == "N" {
            throw FilterError("'\\N' is not supported: write the character itself", position: start)
        } else if next != "\n" {
            text.append("\\")
            text.append(next)
        }
    }

    private mutating func readEscapedScalar(
        radix: UInt32, length: Int, isExact: Bool, from start: Int
    ) throws(FilterError) -> Unicode.Scalar {
        var value: UInt32 = 0
        var count = 0
        while count < length, let next = scalar(), let number = Self.digit(next), number < radix {
            value = value * radix + number
            count += 1
            position += 1
        }
        guard count == length || !isExact && count > 0, let scalar = Unicode.Scalar(value), value != 0 else {
            throw FilterError(
                "\(FilterError.shown(piece(start..<position))) is no character that text may hold", position: start)
        }
        return scalar
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 48
        case "a"..."f": scalar.value - 87
        case "A"..."F": scalar.value - 55
        default: nil
        }
    }
}
