import Foundation
import HTTP
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        body(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test("commas stand between values and nowhere else, however deep they are nested")
    func nesting() {
        let text = written { json in
            json.object {
                $0.field("a", 1)
                $0.field("b") { $0.field("c", true) }
                $0.field("none") { _ in }
                $0.field("d", array: [1, 2] as [Int64]) { json, number in json.array { $0.value(number) } }
                $0.field("e", array: [Int64]()) { $0.value($1) }
                $0.key("f")
                $0.null()
            }
        }
        #expect(text == #"{"a":1,"b":{"c":true},"none":{},"d":[[1],[2]],"e":[],"f":null}"#)
    }

    @Test(
        "any text comes back from a reader of JSON as it was",
        arguments: ["", "plain", "\"quoted\" \\ back", "\u{0}\u{1}\n\r\t\u{1F}\u{7F}", "é 日本 🦉", "\u{2028}</script>"])
    func escaping(text: String) throws {
        let bytes = Array(written { json in json.object { $0.field(text, text) } }.utf8)
        let read = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String]
        #expect(read == [text: text])
        #expect(!bytes.contains { $0 < 0x20 })
    }

    @Test("what is JSON already is copied as it stands, digits and spaces included")
    func raw() {
        let text = written { json in
            json.object {
                $0.field("stored", raw: Array(#"{"n": 1.50, "big":18446744073709551615}"#.utf8))
                $0.field("missing", raw: nil)
                $0.field("after", 2)
            }
        }
        #expect(text == #"{"stored":{"n": 1.50, "big":18446744073709551615},"missing":null,"after":2}"#)
    }

    @Test("numbers that JSON does not know become null", arguments: [Double.nan, .infinity, -.infinity])
    func nonFinite(number: Double) {
        #expect(written { json in json.array { $0.value(number) } } == "[null]")
        #expect(written { json in json.object { $0.field("x", number) } } == #"{"x":null}"#)
    }

    @Test("numbers keep all their digits")
    func numbers() throws {
        #expect(written { $0.value(Int64.min) } == "-9223372036854775808")
        #expect(Double(written { $0.value(0.1 + 0.2) }) == 0.1 + 0.2)
        #expect(Double(written { $0.value(1e300) }) == 1e300)
    }

    @Test("missing values of every type are null")
    func missing() {
        let text = written { json in
            json.object {
                $0.field("text", String?.none)
                $0.field("whole", Int64?.none)
                $0.field("real", Double?.none)
                $0.field("time", time: nil)
            }
        }
        #expect(text == #"{"text":null,"whole":null,"real":null,"time":null}"#)
    }

    @Test("times are ISO 8601 with the offset that was asked for")
    func times() {
        let text = written { json in
            json.object {
                $0.field("a", time: 1_500_000_000)
                $0.field("b", time: 1_500_000_000, suffix: "Z")
            }
        }
        #expect(text == #"{"a":"1970-01-01T00:00:01.500000+00:00","b":"1970-01-01T00:00:01.500000Z"}"#)
    }
}
