import GraphQL
import Testing

@Suite("Requests and answers as bytes")
struct TransportTests {
    private func request(_ json: String) throws(GraphQLError) -> GraphQLRequest {
        try GraphQLRequest(jsonBody: Array(json.utf8))
    }

    private func message(_ json: String) -> String? {
        do throws(GraphQLError) {
            _ = try request(json)
            return nil
        } catch {
            return error.message
        }
    }

    @Test("A body is read with all kinds of values")
    func body() throws {
        let json = #"""
            {"query": "{ a }", "operationName": null, "extra": 1, "extensions": {"k": {}},
             "variables": {"n": -12, "f": 1.5e2, "big": 123456789012345678901, "s": "\u00e9\ud83d\ude00\n\"\/", "x": [true, false, null, []],
             "lone": "\ud800a\ud800\u0041"}}
            """#
        let request = try request(json)
        #expect(request.query == "{ a }")
        #expect(request.operationName == nil)
        #expect(request.extensions.map(\.name) == ["k"])
        let expected: [InputValue] = [
            -12, 150.0, 123456789012345678901.0, "é😀\n\"/", [true, false, nil, []], "\u{FFFD}a\u{FFFD}A",
        ]
        #expect(request.variables.map(\.value) == expected)
    }

    @Test(
        "What is no request is refused with its reason",
        arguments: [
            ("", "The body is not JSON: the text ends early at byte 0."),
            ("[{}]", "Send one operation a request: lists of them are not taken."),
            ("3", "The body must be a JSON object with the operation in \"query\"."),
            ("{}", "\"query\" must be a string: the operation."),
            (#"{"query": "", "variables": []}"#, "\"variables\" must be an object or null."),
            (#"{"query": "", "operationName": 1}"#, "\"operationName\" must be a string or null."),
            (#"{"query": "a" x}"#, "The body is not JSON: ',' or '}' is expected at byte 14."),
            (#"{"query": "a"} x"#, "The body is not JSON: something stands behind the value at byte 15."),
            (#"{"a": 01}"#, "The body is not JSON: a value is expected at byte 8."),
            (#"{"a": tru"#, "The body is not JSON: the text ends early at byte 6."),
            (#"{"a": "\x"}"#, "The body is not JSON: there is no such escape at byte 9."),
            (#"{"a": 1e999}"#, "The body is not JSON: the number is too large at byte 11."),
        ])
    func refusals(json: String, reason: String) {
        #expect(message(json) == reason)
    }

    @Test("Deep nesting and bytes of any kind are refused, not followed")
    func hostile() {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(message(deep) == "The body is not JSON: values are nested too deeply at byte 128.")
        var chance = SeededGenerator(seed: 11)
        let json = Array(#"{"query": "a\u00e9", "variables": {"a": [1.5e3, -2, true, null, "x"]}}"#.utf8)
        for _ in 0..<5_000 {
            var bytes = json
            for _ in 0..<Int.random(in: 1...3, using: &chance) {
                bytes[Int.random(in: bytes.indices, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            _ = try? GraphQLRequest(jsonBody: Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &chance))))
        }
    }

    @Test("Parameters of a GET are a request")
    func parameters() throws {
        let request = try GraphQLRequest(parameters: [
            ("query", "{ a }"), ("variables", #"{"x": 1}"#), ("operationName", ""), ("other", "x"),
        ])
        #expect(request.query == "{ a }")
        #expect(request.operationName == nil)
        #expect(request.variables == [.init("x", 1)])
        #expect(throws: GraphQLError.self) { try GraphQLRequest(parameters: [("query", "a"), ("variables", "{")]) }
    }

    @Test("Answers are framed as server-sent events and as parts")
    func framing() {
        let response = GraphQLResponse(refusedWith: [GraphQLError(message: "a\nb")])
        let json = #"{"errors":[{"message":"a\nb"}]}"#
        #expect(String(decoding: EventStream.next(response), as: UTF8.self) == "event: next\ndata: \(json)\n\n")
        #expect(
            String(decoding: MultipartStream.next(response), as: UTF8.self)
                == "\r\n--graphql\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{\"payload\":\(json)}")
    }

    @Test("Text is escaped as JSON asks for, and numbers are JSON")
    func writing() async throws {
        let query = RootType<Int>("Query") { type in
            type.field("text", .string) { _ in "\u{0}\u{1F}\"\\/\u{7F}é\u{2028}" }
            type.field("floats", .list(.float)) { _ in [1.0, -0.5, 1e21, 12345678.25] }
            type.field("any", .named("JSON")) { _ in
                OutputValue.map([.init("k\n", .list([.null, .int(-4), .json("{\"raw\": 1}")]))])
            }
        }
        let schema = try ExecutableSchema(query: query, types: [ScalarType("JSON")])
        let response = await schema.execute(try Document(parsing: "{ text floats any }"), context: 0)
        #expect(
            String(decoding: response.jsonBytes, as: UTF8.self)
                == #"{"data":{"text":"\u0000\u001f\"\\/"# + "\u{7F}é\u{2028}"
                + #"","floats":[1,-0.5,1e+21,12345678.25],"any":{"k\n":[null,-4,{"raw": 1}]}}}"#)
    }

    @Test("A document is parsed once while it is used, and the cache stays within its bytes")
    func cache() async throws {
        let query = RootType<Int>("Query") { type in type.field("a", .int) { _, field in field.context } }
        let server = GraphQLServer(schema: try ExecutableSchema(query: query), cacheBytesMax: 4_000)
        let kept = try server.document("{ a }")
        #expect(try server.document("{ a }").operations[0] === kept.operations[0])
        for number in 0..<100 {
            _ = try server.document("{ a\(number): a }")
            _ = try server.document("{ a }")
        }
        #expect(try server.document("{ a }").operations[0] === kept.operations[0])
        let forgotten = try server.document("{ b: a }")
        for number in 0..<100 { _ = try server.document("{ b\(number): a }") }
        #expect(try server.document("{ b: a }").operations[0] !== forgotten.operations[0])
        #expect(throws: GraphQLErrors.self) { try server.document("{ nope }") }
        #expect(try server.operationKind(of: GraphQLRequest(query: "{ a }")) == .query)
    }
}
