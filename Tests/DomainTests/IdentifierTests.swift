import Domain
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    @Test("ids read either case and print lowercase digits")
    func hex() throws {
        let trace = try #require(TraceID(hex: "0AF7651916cd43dd8448eb211c80319C"))
        #expect(trace.description == "0af7651916cd43dd8448eb211c80319c")
        #expect(TraceID(bytes: trace.bytes) == trace)
        let span = try #require(SpanID(hex: "B7AD6B7169203331"))
        #expect(span.description == "b7ad6b7169203331")
        #expect(SpanID(bytes: span.bytes) == span)
    }

    @Test(
        "ids of another length or with other digits are none",
        arguments: [
            "", "00", "0af7651916cd43dd8448eb211c80319", "0af7651916cd43dd8448eb211c80319g",
            "0af7651916cd43dd8448eb211c80319c00",
        ])
    func notHex(text: String) {
        #expect(TraceID(hex: text) == nil)
        #expect(SpanID(hex: text) == nil)
    }

    @Test("zeros mean no id")
    func zero() {
        #expect(TraceID(high: 0, low: 0).isZero)
        #expect(!TraceID(high: 0, low: 1).isZero)
        #expect(!TraceID(high: 1, low: 0).isZero)
        #expect(SpanID(0).isZero)
    }

    @Test("trace ids are ordered as their bytes are")
    func order() {
        let ids = [TraceID(high: 1, low: 0), TraceID(high: 0, low: .max), TraceID(high: 0, low: 1)]
        #expect(ids.sorted() == ids.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
    }

    @Test("a node id is base64 of type and number")
    func globalID() throws {
        #expect(GlobalID("Project", 1).description == "UHJvamVjdDox")
        #expect(GlobalID(encoded: "UHJvamVjdDox") == GlobalID("Project", 1))
        for text in ["", "UHJvamVjdDox=", "UHJvamVjdA==", "UHJvamVjdDp4", "OjE=", "not base64!"] {
            #expect(GlobalID(encoded: text) == nil, "\(text)")
        }
    }

    @Test("base64 pads as RFC 4648's own examples do")
    func base64() {
        let examples = [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
        for (plain, encoded) in examples {
            #expect(Base64.encode(Array(plain.utf8)) == encoded)
            #expect(Base64.decode(encoded) == Array(plain.utf8))
        }
        for broken in ["Zg=", "Zg", "Z===", "Zm9v\n", "Zm 9"] { #expect(Base64.decode(broken) == nil, "\(broken)") }
    }

    @Test("a secret shows itself nowhere and compares by value")
    func secret() {
        let secret = Secret("swordfish")
        #expect("\(secret)" == "(secret)")
        #expect(String(reflecting: secret) == "(secret)")
        #expect(!"\(Mirror(reflecting: secret).children.map { "\($0)" })".contains("swordfish"))
        #expect(secret == Secret("swordfish"))
        #expect(secret != Secret("swordfisi"))
        #expect(secret != Secret("sword"))
    }
}
