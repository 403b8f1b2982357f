import Database
import Testing

@testable import Storage

@Suite("Conditions of a query")
struct ConditionsTests {
    @Test("values are parameters, numbered in the order in which they were added")
    func numbering() {
        var conditions = SQLConditions()
        conditions.add("a = ?", .integer(1))
        conditions.add("b IS NULL")
        conditions.add("c", isOneOf: [.text("x"), .text("y")])
        conditions.add("f(d, ?)", .text("path"), comparedTo: "?", .real(2))
        #expect(conditions.sql == "a = $1 AND b IS NULL AND c IN ($2, $3) AND f(d, $4) = $5")
        #expect(conditions.values == [.integer(1), .text("x"), .text("y"), .text("path"), .real(2)])
    }

    @Test("no conditions are true of every row, and one of no values of none")
    func nothing() {
        #expect(SQLConditions().sql == "TRUE")
        var conditions = SQLConditions()
        conditions.add("a", isOneOf: [])
        #expect(conditions.sql == "FALSE")
        #expect(conditions.values.isEmpty)
    }

    @Test("an outer statement's conditions are numbered on from the inner one's")
    func outer() {
        var inner = SQLConditions()
        inner.add("a = ?", .integer(1))
        var outer = SQLConditions(after: inner)
        outer.add("b = ?", .integer(2))
        #expect(outer.sql == "b = $2")
        #expect(outer.values == [.integer(1), .integer(2)])
    }

    @Test(
        "a pattern takes its own marks as ordinary characters",
        arguments: [("a", "%a%"), ("50%", "%50\\%%"), ("a_b", "%a\\_b%"), ("\\", "%\\\\%"), ("", "%%")])
    func pattern(text: String, pattern: String) {
        #expect(LikePattern.containing(text) == pattern)
    }
}
