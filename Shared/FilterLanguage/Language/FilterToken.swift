/// A piece of a filter's text.
struct FilterToken: Hashable {
    enum Kind: Hashable {
        case name(String)
        case keyword(Keyword)
        case text(String)
        case number(Double)
        case mark(Mark)
        case end
    }

    enum Keyword: String {
        case and, or, not, `is`, `in`, `for`, `if`
        case `true` = "True"
        case `false` = "False"
        case none = "None"
    }

    enum Mark: String {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case modulo = "%"
        case openParenthesis = "("
        case closeParenthesis = ")"
        case openBracket = "["
        case closeBracket = "]"
        case comma = ","
        case dot = "."
    }

    var kind: Kind
    /// In Unicode scalars.
    var range: Range<Int>
}
