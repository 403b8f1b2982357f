import FilterLanguage
import Testing

@Suite("Terms of filters")
struct FilterTermTests {
    @Test("every term of sessions can be used as it says, and is described")
    func sessions() throws {
        let terms = FilterTerm.ofSessions(annotations: [#"it's a "name" \ of"#], attributes: ["llm.model_name"])
        for term in terms {
            #expect(!term.description.isEmpty, "\(term.name)")
            let text = Self.filter(term)
            #expect(throws: Never.self, "\(text)") { try SessionFilter(text) }
        }
        #expect(terms.contains { $0.name == "any_input" && $0.kind == .containment && $0.category == .session })
        #expect(terms.contains { $0.name == "num_traces" && $0.kind == .number && $0.category == .aggregate })
        #expect(terms.contains { $0.name == "user.id" && $0.kind == .string && $0.category == .attribute })
        #expect(terms.contains { $0.name == #"attributes["llm.model_name"]"# && $0.category == .attribute })
        #expect(terms.contains { $0.name == "children" && $0.kind == .iterable && $0.collection == "spans" })
        #expect(terms.contains { $0.name == "parent_span.name" && $0.category == .element })
        #expect(terms.contains { $0.name == "duration_ms" && $0.kind == .number && $0.category == .session })
        #expect(terms.contains { $0.name == "latency_ms" && $0.collection == "spans" && $0.category == .element })
    }

    @Test("every term of traces can be used as it says, and is described")
    func traces() throws {
        let terms = FilterTerm.ofTraces(annotations: ["quality"], attributes: [#"odd "name""#])
        for term in terms {
            #expect(!term.description.isEmpty, "\(term.name)")
            let text = Self.filter(term)
            #expect(throws: Never.self, "\(text)") { try TraceFilter(text) }
        }
        #expect(terms.contains { $0.name == #"trace_annotations["quality"].score"# && $0.kind == .number })
        #expect(terms.contains { $0.name == #"metadata["key"]"# && $0.category == .attribute })
        #expect(!terms.contains { $0.name == "num_traces" })
    }

    private static func filter(_ term: FilterTerm) -> String {
        let written = term.name.replacing("[...]", with: "['a.b']")
        let name = term.collection == nil ? written : "x.\(written)"
        let condition =
            switch term.kind {
            case .string: "\(name) == 'abc'"
            case .number: "\(name) > 1"
            case .datetime: "\(name) > '2026-01-05T00:00:00Z'"
            case .boolean: "\(name) == True"
            case .relation: "\(name) is not None"
            case .containment: "'abc' in \(name)"
            case .iterable: "len([y for y in \(name)]) > 1"
            }
        return term.collection.map { "any(\(condition) for x in \($0))" } ?? condition
    }
}

@Suite("What filters say of root spans")
struct RootSpansOnlyTests {
    @Test(
        "a condition that lets nothing through but spans without a parent says so",
        arguments: [
            ("parent_id is None", true), ("parent_span is None", true), ("parent_id == None", true),
            ("span_kind == 'LLM' and parent_id is None", true), ("not (parent_id is not None)", true),
            ("parent_id is None or parent_span is None", true),
            ("parent_id is None or span_kind == 'LLM'", false), ("parent_id is not None", false),
            ("not (parent_id is None)", false), ("name == 'parent_id is None'", false), ("latency_ms > 3", false),
        ])
    func roots(text: String, isCertain: Bool) throws {
        #expect(try SpanFilter(text).selectsRootSpansOnly == isCertain)
    }
}

@Suite("What filters say of ids")
struct KnownIDTests {
    @Test(
        "a condition that lets nothing through but spans of ids that it names says so",
        arguments: [
            ("span_id == '00f067aa0ba902b7'", true), ("span_id in ['00f067aa0ba902b7', '00f067aa0ba902b8']", true),
            ("trace_id == '4bf92f3577b34da6a3ce929d0e0e4736' and latency_ms > 3", true),
            ("span_id == '00f067aa0ba902b7' or trace_id == '4bf92f3577b34da6a3ce929d0e0e4736'", true),
            ("span_id != '00f067aa0ba902b7'", false), ("span_id not in ['00f067aa0ba902b7']", false),
            ("span_id == '00f067aa0ba902b7' or latency_ms > 3", false), ("parent_id == '00f067aa0ba902b7'", false),
            ("name == 'span_id'", false),
        ])
    func ids(text: String, isCertain: Bool) throws {
        #expect(try SpanFilter(text).selectsByID == isCertain)
    }
}
