/// What a token is (October 2021, 2.1.6).
enum TokenKind: UInt8 {
    case end
    case bang, dollar, ampersand, parenthesisLeft, parenthesisRight, spread, colon, equals, at
    case bracketLeft, bracketRight, braceLeft, pipe, braceRight
    case name, int, float, string, blockString

    /// How an error names the kind.
    var description: String {
        switch self {
        case .end: "<EOF>"
        case .bang: "'!'"
        case .dollar: "'$'"
        case .ampersand: "'&'"
        case .parenthesisLeft: "'('"
        case .parenthesisRight: "')'"
        case .spread: "'...'"
        case .colon: "':'"
        case .equals: "'='"
        case .at: "'@'"
        case .bracketLeft: "'['"
        case .bracketRight: "']'"
        case .braceLeft: "'{'"
        case .pipe: "'|'"
        case .braceRight: "'}'"
        case .name: "Name"
        case .int: "Int"
        case .float: "Float"
        case .string: "String"
        case .blockString: "BlockString"
        }
    }
}
