import Domain
import Foundation
import OTLP
import Testing

@Suite struct SpanColumnTests {
    private let llm = ("openinference.span.kind", TestValue.text("LLM"))

    private func decodeLLM(_ attributes: KeyValuePairs<String, TestValue>) throws -> (
        batch: SpanBatch, record: SpanRecord
    ) {
        var span = TestSpan(attributes)
        span.attributes.append(llm)
        return try decode(span)
    }

    @Test(arguments: SpanKind.allCases) func everyKindIsReadInAnyCase(_ kind: SpanKind) throws {
        for text in [kind.rawValue, kind.rawValue.lowercased(), kind.rawValue.capitalized] {
            #expect(try decode(TestSpan(["openinference.span.kind": .text(text)])).record.kind == kind)
        }
    }

    @Test func modelProviderSessionAndUserAreColumns() throws {
        let (batch, record) = try decodeLLM([
            "llm.model_name": "gpt-4o", "llm.provider": "openai", "session.id": "  s-1\n", "user.id": "u-1",
        ])
        #expect(batch.text(record.modelName) == "gpt-4o")
        #expect(batch.text(record.provider) == "openai")
        #expect(batch.text(record.sessionID) == "s-1")
        #expect(batch.text(record.userID) == "u-1")
    }

    @Test func anEmbeddingHasTheModelOfItsOwnKey() throws {
        let (batch, record) = try decode(
            TestSpan(["openinference.span.kind": "EMBEDDING", "embedding.model_name": "ada", "llm.model_name": "other"])
        )
        #expect(batch.text(record.modelName) == "ada")
    }

    @Test(
        arguments: [
            (7, "7"), (1.5, "1.5"), ("", nil), ("   ", nil), (true, nil), ([1], nil), ("a\u{0}b", "a\u{FFFD}b"),
        ] as [(TestValue, String?)])
    func aSessionIsTrimmedTextOrANumber(_ value: TestValue, _ expected: String?) throws {
        let (batch, record) = try decode(TestSpan(["session.id": value]))
        #expect(batch.text(record.sessionID) == expected)
    }

    @Test func longColumnsAreCutAtACharacter() throws {
        let (batch, record) = try decode(TestSpan(["session.id": .text(String(repeating: "é", count: 5000))]))
        #expect(batch.text(record.sessionID) == String(repeating: "é", count: 512))
    }

    @Test func columnsAreReadFromMapsToo() throws {
        let (batch, record) = try decode(
            TestSpan([
                "session": ["id": "s-1"], "openinference": ["span": ["kind": "LLM"]],
                "llm": ["model_name": "m", "token_count": ["prompt": 3, "prompt_details": ["audio": 2]]],
            ]))
        #expect(batch.text(record.sessionID) == "s-1")
        #expect(record.kind == .llm)
        #expect(batch.text(record.modelName) == "m")
        #expect(record.promptTokens == 3)
        #expect(record.tokenDetails == [TokenDetail(type: "audio", isPrompt: true, count: 2)])
    }

    @Test func previewsAreTheFirst256Characters() throws {
        let long = String(repeating: "日本", count: 1000)
        let (batch, record) = try decode(TestSpan(["input.value": .text(long), "output.value": "short\n\"text\""]))
        #expect(batch.text(record.inputPreview) == String(long.prefix(256)))
        #expect(batch.text(record.outputPreview) == "short\n\"text\"")
        #expect(try decode(TestSpan()).record.inputPreview == nil)
    }

    @Test func previewsOfOtherValuesAreTheirJSON() throws {
        let (batch, record) = try decode(TestSpan(["input.value": ["q": 1], "output.value": ["a", true]]))
        #expect(batch.text(record.inputPreview) == #"{"q": 1}"#)
        #expect(batch.text(record.outputPreview) == #"["a",true]"#)
    }

    @Test func tokensAreThoseOfLLMSpansOnly() throws {
        let record = try decodeLLM(["llm.token_count.prompt": 12, "llm.token_count.completion": "5"]).record
        #expect(record.promptTokens == 12)
        #expect(record.completionTokens == 5)
        let chain = try decode(TestSpan(["openinference.span.kind": "CHAIN", "llm.token_count.prompt": 12])).record
        #expect(chain.promptTokens == nil)
        #expect(chain.completionTokens == nil)
    }

    @Test(arguments: [nil, "x", -3, 1e30, .double(.nan), true, 9_000_000_000_000] as [TestValue])
    func unusableTokenCountsAreZero(_ value: TestValue) throws {
        let record = try decodeLLM(["llm.token_count.prompt": value]).record
        #expect(record.promptTokens == 0)
        #expect(record.completionTokens == 0)
    }

    @Test func tokenDetailsAreKeptByTypeWithTheLastCount() throws {
        let record = try decodeLLM([
            "llm.token_count.prompt_details.cache_read": 1, "llm.token_count.prompt_details.cache_read": 12,
            "llm.token_count.prompt_details.audio": -4, "llm.token_count.completion_details.reasoning": 7.9,
            "llm.token_count.completion_details.a.b": 3, "llm.token_count.completion_details.bad": "x",
        ]).record
        #expect(
            record.tokenDetails == [
                TokenDetail(type: "cache_read", isPrompt: true, count: 12),
                TokenDetail(type: "audio", isPrompt: true, count: 0),
                TokenDetail(type: "reasoning", isPrompt: false, count: 7),
            ])
    }

    @Test func partsOfTheInputBecomeItsJSONText() throws {
        let (batch, record) = try decode(
            TestSpan(["input.value.question": "why", "input.value.tags.0.name": "x", "input.mime_type": "text/plain"]))
        #expect(
            try json(batch.text(record.attributes))
                == json(
                    #"{"input": {"value": "{\"question\": \"why\", \"tags\": [{\"name\": \"x\"}]}", "mime_type": "application/json"}}"#
                ))
        #expect(batch.text(record.inputPreview) == #"{"question": "why", "tags": [{"name": "x"}]}"#)
    }

    @Test func aTextInputKeepsItsPartsBesideIt() throws {
        #expect(
            try attributes(["input.value": "text", "input.value.a": 1])
                == json(#"{"input": {"value": "text", "value.a": 1}}"#))
    }
}
