import HTTP
import Testing

@Suite("Query parameters")
struct QueryParametersTests {
    @Test("names and values are decoded, a plus being a space")
    func decoding() {
        let parameters = QueryParameters(query: "na%6De=a+b%2Bc&t=%E6%97%A5&e=&f&=x&&bad=%zz&eq=a=b")
        #expect(parameters.text("name") == "a b+c")
        #expect(parameters.text("t") == "日")
        #expect(parameters.text("e") == "")
        #expect(parameters.text("f") == "")
        #expect(parameters.text("") == nil)
        #expect(parameters.text("bad") == "%zz")
        #expect(parameters.text("eq") == "a=b")
        #expect(parameters.text("missing") == nil)
    }

    @Test("a repeated parameter has all its values, in order, and its last as its text")
    func repeated() {
        let parameters = QueryParameters(query: "a=1&b=x&a=2&a=1")
        #expect(parameters.texts("a") == ["1", "2", "1"])
        #expect(parameters.text("a") == "1")
        #expect(parameters.texts("c") == nil)
    }

    @Test("a whole number within its range is taken, and the default where there is none")
    func integer() throws {
        let parameters = QueryParameters(query: "low=1&high=10")
        #expect(try parameters.integer("low", default: 5, in: 1...10) == 1)
        #expect(try parameters.integer("high", default: 5, in: 1...10) == 10)
        #expect(try parameters.integer("none", default: 5, in: 1...10) == 5)
    }

    @Test("any other number is refused with 422", arguments: ["0", "11", "-1", "1.5", "x", "", "99999999999999999999"])
    func badInteger(text: String) {
        let error = #expect(throws: APIError.self) {
            try QueryParameters(query: "n=\(text)").integer("n", default: 5, in: 1...10)
        }
        #expect(error?.status == .unprocessableContent)
        #expect(error?.message == "n must be a whole number from 1 to 10")
    }

    @Test("true and false are taken in any case, as numbers too, and nothing else")
    func boolean() throws {
        let parameters = QueryParameters(query: "a=True&b=0&c=yes")
        #expect(try parameters.boolean("a", default: false))
        #expect(try !parameters.boolean("b", default: true))
        #expect(try parameters.boolean("none", default: true))
        #expect(throws: APIError.self) { try parameters.boolean("c", default: true) }
    }

    @Test(
        "a time is read with an offset, without one, and where the plus of its offset became a space",
        arguments: [
            "1970-01-01T01:00:01%2B01:00", "1970-01-01T01:00:01+01:00", "1970-01-01T00:00:01Z", "1970-01-01T00:00:01",
            "1970-01-01T00:00:01.000000+00:00",
        ])
    func time(text: String) throws {
        #expect(try QueryParameters(query: "t=\(text)").time("t") == 1_000_000_000)
    }

    @Test("what is no time is refused with 422", arguments: ["", "yesterday", "12", "1970-13-01T00:00:00Z"])
    func badTime(text: String) {
        let error = #expect(throws: APIError.self) { try QueryParameters(query: "t=\(text)").time("t") }
        #expect(error?.status == .unprocessableContent)
    }
}
