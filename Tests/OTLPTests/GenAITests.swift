import Domain
import Foundation
import OTLP
import Testing

/// What `gen_ai.*` attributes become beyond the cases of the vectors.
@Suite struct GenAITests {
    private func span(_ attributes: KeyValuePairs<String, TestValue>) throws -> (
        tree: [String: Any], record: SpanRecord
    ) {
        let (batch, record) = try decode(TestSpan(attributes))
        return (try json(batch.text(record.attributes)) as? [String: Any] ?? [:], record)
    }

    /// What stands below `llm` or another first piece.
    private func derived(_ place: String, _ attributes: KeyValuePairs<String, TestValue>) throws -> NSObject? {
        try span(attributes).tree[place] as? NSObject
    }

    @Test(
        arguments: [
            ("chat", .llm), ("text_completion", .llm), ("generate_content", .llm), ("embeddings", .embedding),
            ("execute_tool", .tool),
            ("retrieval", .retriever), ("invoke_agent", .agent), ("create_agent", .agent), ("other", .unknown),
        ] as [(String, SpanKind)])
    func theOperationGivesTheKind(_ operation: String, _ kind: SpanKind) throws {
        #expect(try span(["gen_ai.operation.name": .text(operation), "gen_ai.request.model": "m"]).record.kind == kind)
    }

    @Test(
        arguments: [
            ("gen_ai.tool.call.id", .tool), ("gen_ai.tool.name", .tool), ("gen_ai.retrieval.query.text", .retriever),
            ("gen_ai.embeddings.dimension.count", .embedding), ("gen_ai.request.model", .llm),
            ("gen_ai.input.messages", .llm),
            ("gen_ai.agent.name", .unknown),
        ] as [(String, SpanKind)])
    func withoutAnOperationOtherAttributesGiveTheKind(_ key: String, _ kind: SpanKind) throws {
        #expect(try span([key: "x"]).record.kind == kind)
    }

    @Test(arguments: [
        ("openai", #"{"provider": "openai", "system": "openai"}"#),
        ("Mistral_AI", #"{"provider": "mistralai", "system": "mistralai"}"#),
        ("groq", #"{"provider": "groq"}"#), ("azure.ai.openai", #"{"provider": "azure", "system": "openai"}"#),
        ("gcp.vertex_ai", #"{"provider": "google", "system": "vertexai"}"#), ("aws.bedrock", #"{"provider": "aws"}"#),
        ("Acme", #"{"system": "acme"}"#),
    ])
    func providersHaveOpenInferenceNames(_ name: String, _ expected: String) throws {
        #expect(try derived("llm", ["gen_ai.provider.name": .text(name)]) == json(expected))
        #expect(try derived("llm", ["gen_ai.system": .text(name)]) == json(expected))
    }

    @Test func allRequestParametersAreInvocationParameters() throws {
        #expect(
            try derived(
                "llm",
                [
                    "gen_ai.request.top_p": 0.5, "gen_ai.request.top_k": 3, "gen_ai.request.frequency_penalty": 0.1,
                    "gen_ai.request.presence_penalty": 0.2, "gen_ai.request.seed": 7, "gen_ai.request.stream": true,
                    "gen_ai.request.choice.count": 2, "gen_ai.output.type": "json",
                    "gen_ai.request.encoding_formats": ["a", "b"],
                ])
                == json(
                    #"{"invocation_parameters": "{\"top_p\": 0.5, \"top_k\": 3, \"frequency_penalty\": 0.1, \"presence_penalty\": 0.2, \"seed\": 7, \"stream\": true, \"n\": 2, \"encoding_formats\": [\"a\", \"b\"], \"response_format\": {\"type\": \"json_object\"}}"}"#
                ))
    }

    @Test(
        arguments: [
            (10, #"{"token_count": {"prompt": 10}}"#), (10.0, #"{"token_count": {"prompt": 10}}"#),
            ("10", #"{"token_count": {"prompt": 10}}"#),
            (10.5, nil), (true, nil), ("ten", nil),
        ] as [(TestValue, String?)])
    func wholeNumbersAreTokenCounts(_ value: TestValue, _ expected: String?) throws {
        #expect(try derived("llm", ["gen_ai.usage.input_tokens": value]) == expected.map { try json($0) })
    }

    @Test func namesOfOlderDraftsAreRead() throws {
        #expect(
            try derived(
                "llm",
                [
                    "gen_ai.usage.prompt_tokens": 2, "gen_ai.usage.completion_tokens": 3,
                    "gen_ai.usage.cache_creation.input_tokens": 1,
                    "gen_ai.input.messages":
                        #"[{"role": "user", "parts": [{"type": "blob", "mime_type": "image/gif", "data": "eA=="}, {"type": "blob", "mime_type": "audio/wav", "data": "eA=="}]}]"#,
                ])
                == json(
                    """
                    {"token_count": {"prompt": 2, "completion": 3, "total": 5, "prompt_details": {"cache_write": 1}}, "input_messages":
                     [{"message": {"role": "user", "contents":
                        [{"message_content": {"type": "image", "image": {"image": {"url": "data:image/gif;base64,eA=="}}}}]}}]}
                    """))
    }

    @Test func messagesMayComeAsValuesInsteadOfText() throws {
        #expect(
            try derived(
                "llm",
                [
                    "gen_ai.output.messages": [
                        [
                            "role": "assistant", "name": "bot", "finish_reason": "stop",
                            "parts": [
                                ["type": "reasoning", "content": "hmm"], ["type": "text", "content": "yes"],
                                ["type": "tool_call", "id": "1", "name": "f", "arguments": "{}"],
                                ["type": "tool_call", "name": "g"],
                            ],
                        ]
                    ]
                ])
                == json(
                    """
                    {"output_messages": [{"message": {"role": "assistant", "name": "bot", "finish_reason": "stop", "contents":
                      [{"message_content": {"type": "reasoning", "text": "hmm"}}, {"message_content": {"type": "text", "text": "yes"}}],
                      "tool_calls": [{"tool_call": {"id": "1", "function": {"name": "f", "arguments": "{}"}}},
                                     {"tool_call": {"function": {"name": "g"}}}]}}]}
                    """))
    }

    @Test func aToolsResponseIsTheMessagesContent() throws {
        #expect(
            try derived(
                "llm",
                [
                    "gen_ai.input.messages":
                        #"[{"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": {"t": [20]}}]}]"#
                ])
                == json(
                    #"{"input_messages": [{"message": {"role": "tool", "tool_call_id": "c1", "content": "{\"t\": [20]}"}}]}"#
                ))
    }

    @Test(arguments: [
        "no json", "{}", "[1]", #"[{"parts": []}]"#, #"[{"role": "user"}]"#, #"[{"role": "user", "parts": [{}]}]"#,
        #"[{"role": "user", "parts": [{"type": "text", "content": "good"}]}, {"role": "user", "parts": [{"type": "text"}]}]"#,
        #"[{"role": "user", "parts": [{"type": "tool_call"}]}]"#,
    ])
    func aListThatDoesNotValidateIsSkippedWhole(_ text: String) throws {
        #expect(try derived("llm", ["gen_ai.input.messages": .text(text)]) == nil)
    }

    @Test func partsOfUnknownTypesArePassedOver() throws {
        #expect(
            try derived(
                "llm",
                [
                    "gen_ai.input.messages":
                        #"[{"role": "user", "parts": [{"type": "new"}, {"type": "text", "content": "x"}]}]"#
                ])
                == json(#"{"input_messages": [{"message": {"role": "user", "content": "x"}}]}"#))
    }

    @Test func theSpansOwnAttributesWinOneByOne() throws {
        let (tree, record) = try span([
            "gen_ai.operation.name": "chat", "gen_ai.request.model": "derived", "gen_ai.usage.input_tokens": 5,
            "gen_ai.response.id": "r", "llm.token_count.prompt": 9, "output.value": "own", "session.id": "own",
            "gen_ai.conversation.id": "derived",
        ])
        #expect(record.promptTokens == 9)
        #expect(
            tree["llm"] as? NSObject == (try json(#"{"model_name": "derived", "token_count": {"prompt": 9}}"#)))
        #expect(tree["output"] as? NSObject == ["value": "own"] as NSObject)
        #expect(tree["session"] as? NSObject == ["id": "own"] as NSObject)
    }

    @Test func derivedAttributesAreColumns() throws {
        let (batch, record) = try decode(
            TestSpan([
                "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o",
                "gen_ai.conversation.id": "c-1", "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 2,
                "gen_ai.usage.cache_read.input_tokens": 4,
            ]))
        #expect(batch.text(record.modelName) == "gpt-4o")
        #expect(batch.text(record.provider) == "openai")
        #expect(batch.text(record.sessionID) == "c-1")
        #expect(record.promptTokens == 7)
        #expect(record.completionTokens == 2)
        #expect(record.tokenDetails == [TokenDetail(type: "cache_read", isPrompt: true, count: 4)])
    }

    @Test(
        arguments: [
            (["stop"], #"{"finish_reason": "stop"}"#), (["stop", "length"], #"{"finish_reason": ["stop", "length"]}"#),
            ("stop", #"{"finish_reason": "stop"}"#), ([], nil),
        ] as [(TestValue, String?)])
    func oneFinishReasonIsTextAndSeveralAList(_ value: TestValue, _ expected: String?) throws {
        #expect(try derived("llm", ["gen_ai.response.finish_reasons": value]) == expected.map { try json($0) })
    }

    @Test(
        arguments: [
            ("plain", #"{"value": "plain"}"#), ("[1, 2]", #"{"value": "[1, 2]", "mime_type": "application/json"}"#),
            (["a": 1], #"{"value": "{\"a\": 1}", "mime_type": "application/json"}"#),
        ] as [(TestValue, String)])
    func aToolsResultIsItsOutput(_ result: TestValue, _ expected: String) throws {
        #expect(
            try derived("output", ["gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.result": result])
                == json(expected))
    }

    @Test func argumentsOfAToolMayBeAMap() throws {
        #expect(
            try derived(
                "tool", ["gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.arguments": ["city": "Rome"]])
                == json(#"{"parameters": {"city": "Rome"}}"#))
    }

    @Test func definitionsInOpenAIsFormStayInIt() throws {
        #expect(
            try derived(
                "llm",
                [
                    "gen_ai.tool.definitions":
                        #"[{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]"#
                ])
                == json(
                    #"{"tools": [{"tool": {"json_schema": "{\"type\": \"function\", \"function\": {\"name\": \"f\", \"parameters\": {\"type\": \"object\"}}}"}}]}"#
                ))
        #expect(try derived("llm", ["gen_ai.tool.definitions": #"[{"name": "f"}, {"description": "no name"}]"#]) == nil)
    }

    @Test func aHugeListIsLeftAsItCame() throws {
        let part = #"{"type": "text", "content": "x"}"#
        let parts = Array(repeating: part, count: 60_000).joined(separator: ",")
        let text = #"[{"role": "user", "parts": [\#(parts)]}]"#
        #expect(try derived("llm", ["gen_ai.input.messages": .text(text)]) == nil)
    }
}
