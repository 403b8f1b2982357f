/// The words of an expression (https://jmespath.org/specification.html#grammar).
enum Token: Hashable {
    case identifier(String)
    case quotedIdentifier(String)
    case literal(JSONValue)
    case number(Int)
    case dot, star, comma, colon, current, end
    case leftBracket, rightBracket, leftParenthesis, rightParenthesis, leftBrace, rightBrace
    /// `[?`
    case filter
    /// `[]`
    case flatten
    case pipe, or, and, not, reference
    case comparator(Comparator)
}

enum Comparator: String {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// Splits the text of an expression into its words.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    static func tokens(_ text: String) throws(JMESPathError) -> [Token] {
        var lexer = Lexer(scalars: Array(text.unicodeScalars))
        var tokens: [Token] = []
        while let token = try lexer.token() { tokens.append(token) }
        return tokens + [.end]
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard position < scalars.count, scalars[position] == scalar else { return false }
        position += 1
        return true
    }

    private mutating func token() throws(JMESPathError) -> Token? {
        while position < scalars.count, [" ", "\t", "\n", "\r"].contains(scalars[position]) { position += 1 }
        guard position < scalars.count else { return nil }
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case ".": return .dot
        case "*": return .star
        case ",": return .comma
        case ":": return .colon
        case "@": return .current
        case "]": return .rightBracket
        case "(": return .leftParenthesis
        case ")": return .rightParenthesis
        case "{": return .leftBrace
        case "}": return .rightBrace
        case "[": return take("?") ? .filter : take("]") ? .flatten : .leftBracket
        case "|": return take("|") ? .or : .pipe
        case "&": return take("&") ? .and : .reference
        case "!": return take("=") ? .comparator(.notEqual) : .not
        case "<": return .comparator(take("=") ? .lessOrEqual : .less)
        case ">": return .comparator(take("=") ? .greaterOrEqual : .greater)
        case "=" where take("="): return .comparator(.equal)
        case "'": return .literal(.string(try delimited(by: "'")))
        case "`": return .literal(try literal())
        case "\"": return .quotedIdentifier(try quoted())
        case "-", "0"..."9": return .number(try number())
        case "a"..."z", "A"..."Z", "_": return identifier()
        default: throw JMESPathError(.syntax, "\(scalar.debugDescription) at \(position) begins nothing")
        }
    }

    private mutating func identifier() -> Token {
        let start = position - 1
        while position < scalars.count {
            switch scalars[position] {
            case "a"..."z", "A"..."Z", "0"..."9", "_": position += 1
            default: return .identifier(text(start..<position))
            }
        }
        return .identifier(text(start..<position))
    }

    private mutating func number() throws(JMESPathError) -> Int {
        let start = position - 1
        while position < scalars.count, ("0"..."9").contains(scalars[position]) { position += 1 }
        guard let number = Int(text(start..<position)) else {
            throw JMESPathError(.syntax, "no number at \(start + 1)")
        }
        return number
    }

    /// What stands before the next delimiter; a delimiter after a backslash is part of it, without the backslash.
    private mutating func delimited(by delimiter: Unicode.Scalar) throws(JMESPathError) -> String {
        let start = position
        var found = String.UnicodeScalarView()
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            if scalar == delimiter { return String(found) }
            if scalar == "\\", position < scalars.count {
                if scalars[position] != delimiter { found.append(scalar) }
                found.append(scalars[position])
                position += 1
            } else {
                found.append(scalar)
            }
        }
        throw JMESPathError(.syntax, "what begins at \(start) has no end")
    }

    private mutating func literal() throws(JMESPathError) -> JSONValue {
        let start = position
        let text = try delimited(by: "`")
        if let value = JSONValue(parsing: text.utf8) { return value }
        // Words without quotes are strings, as in the language's first version.
        let trimmed = text.drop(while: \.isWhitespace)
        guard let value = JSONValue(parsing: "\"\(trimmed)\"".utf8) else {
            throw JMESPathError(.syntax, "no JSON at \(start)")
        }
        return value
    }

    private mutating func quoted() throws(JMESPathError) -> String {
        let start = position
        while position < scalars.count, scalars[position] != "\"" {
            position += scalars[position] == "\\" ? 2 : 1
        }
        guard position < scalars.count else { throw JMESPathError(.syntax, "what begins at \(start) has no end") }
        position += 1
        guard case .string(let name)? = JSONValue(parsing: text(start - 1..<position).utf8) else {
            throw JMESPathError(.syntax, "no quoted name at \(start)")
        }
        return name
    }

    private func text(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }
}
