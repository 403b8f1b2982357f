import Foundation
import Testing

@testable import bennu_api

@Suite("Attribute flattening")
struct AttributeFlatteningTests {
    @Test(
        "a tree becomes flat keys with their values as they were",
        arguments: [
            (#"{}"#, #"{}"#),
            (#"{"a":1}"#, #"{"a":1}"#),
            (#"{"a":{"b":{"c":"x"}},"d":true}"#, #"{"a.b.c":"x","d":true}"#),
            (#"{"a":[1,2.50,"x",null]}"#, #"{"a":[1,2.50,"x",null]}"#),
            (#"{"a":[{"b":1},{"b":2,"c":[3]}]}"#, #"{"a.0.b":1,"a.1.b":2,"a.1.c":[3]}"#),
            (#"{"a":[1,{"b":2},[3]]}"#, #"{"a.0":1,"a.1.b":2,"a.2":[3]}"#),
            (#"{"a":[[1,2],[3]]}"#, #"{"a":[[1,2],[3]]}"#),
            (#"{"a":[[{"b":1}]]}"#, #"{"a":[[{"b":1}]]}"#),
            (#"{"a":[],"b":{},"c":""}"#, #"{"a":[],"c":""}"#),
            (#"{"big":12345678901234567890,"small":1e-300}"#, #"{"big":12345678901234567890,"small":1e-300}"#),
            (#"{"q\"uote":{"back\\slash":"\"}{,:"}}"#, #"{"q\"uote.back\\slash":"\"}{,:"}"#),
            (#"{"é":{"日":"\u00e9\ud83d\ude00"}}"#, #"{"é.日":"\u00e9\ud83d\ude00"}"#),
            (#"{ "a" : { "b" : 1 } , "c" : [ { "d" : 2 } ] }"#, #"{"a.b":1,"c.0.d":2}"#),
            (#"{"a":"{\"b\":1}"}"#, #"{"a":"{\"b\":1}"}"#),
            (#"{"a":{"b.c":1}}"#, #"{"a.b.c":1}"#),
        ])
    func vectors(tree: String, flat: String) {
        #expect(String(decoding: AttributeFlattening.flattened(Array(tree.utf8)), as: UTF8.self) == flat)
    }

    @Test(
        "bytes that end too early do not hang or trap", arguments: [#"{"a":[{"b":1"#, #"{"a"#, #"{"a":"x\"#, "", "{"])
    func truncated(tree: String) {
        #expect(AttributeFlattening.leaves(of: Array(tree.utf8)).count <= 1)
    }
}
