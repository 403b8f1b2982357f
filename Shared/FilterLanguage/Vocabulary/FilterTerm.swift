/// A name that filters of traces or sessions may use, for those who write them.
public struct FilterTerm: Sendable, Hashable {
    /// What a term is compared with.
    public enum Kind: String, Sendable {
        case string, number, datetime, boolean
        /// It is there or is not: only `is None` and `is not None`.
        case relation
        /// Only `in` and `not in` with a text.
        case containment
        /// Only `for variable in` it.
        case iterable
    }

    public enum Category: String, Sendable {
        /// A column of the row itself.
        case session, trace
        /// Summed or looked up over what belongs to the row.
        case aggregate
        case annotation
        case iterable
        /// A field of an element of a collection.
        case element
    }

    /// As it is written.
    public var name: String
    public var kind: Kind
    public var category: Category
    public var description: String
    /// The collection whose elements have it; nil outside of loops.
    public var collection: String?

    /// All terms for traces, with those of annotations that are known by name.
    public static func ofTraces(annotations: [String]) -> [FilterTerm] {
        terms(.trace, category: .trace, annotations: annotations)
    }

    /// All terms for sessions, likewise.
    public static func ofSessions(annotations: [String]) -> [FilterTerm] {
        terms(.session, category: .session, annotations: annotations)
    }

    private static let ownColumns: Set<String> = [
        "start_time", "end_time", "trace_id", "session_id", "user_id", "name", "latency_ms", "duration_ms",
    ]

    private static func terms(
        _ vocabulary: FilterVocabulary, category: Category, annotations: [String]
    ) -> [FilterTerm] {
        let own = fields(of: vocabulary).map { field in
            FilterTerm(field, category: ownColumns.contains(field.name) ? category : .aggregate)
        }
        let collections = vocabulary.collections.values.sorted { $0.name < $1.name }
        let elements = collections.flatMap { collection in
            [FilterTerm(collection)]
                + fields(of: collection.vocabulary()).map {
                    FilterTerm($0, category: .element, collection: collection.name)
                }
        }
        return own + annotations.flatMap { ofAnnotation($0, subject: vocabulary.subject) } + elements
    }

    private static func fields(of vocabulary: FilterVocabulary) -> [FilterField] {
        vocabulary.fields.values.sorted { $0.name < $1.name }
    }

    private static func ofAnnotation(_ name: String, subject: String) -> [FilterTerm] {
        let quoted = name.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        let access = "annotations['\(quoted)']"
        func term(_ suffix: String, _ kind: Kind, _ description: String) -> FilterTerm {
            FilterTerm(
                name: access + suffix, kind: kind, category: .annotation, description: description, collection: nil)
        }
        return [
            term("", .relation, "Whether the \(subject) has an annotation of this name."),
            term(".label", .string, "What such an annotation says, in a word."),
            term(".score", .number, "What such an annotation says, as a number."),
            term(".explanation", .string, "Why such an annotation says so."),
        ]
    }
}

extension FilterTerm {
    fileprivate init(_ field: FilterField, category: Category, collection: String? = nil) {
        name = field.name
        kind =
            switch field.type {
            case .text: field.anyOf == nil ? .string : .containment
            case .number: .number
            case .boolean: .boolean
            case .time: .datetime
            }
        self.category = category
        self.collection = collection
        description = Self.descriptions[field.name] ?? ""
    }

    fileprivate init(_ source: FilterCollection) {
        self.init(
            name: source.name, kind: .iterable, category: .iterable, description: Self.descriptions[source.name] ?? "",
            collection: nil)
    }

    // A test looks up every name of every vocabulary here.
    private static let descriptions: [String: String] = [
        "start_time": "When it began.",
        "end_time": "When it ended.",
        "num_spans": "How many spans it has.",
        "num_traces": "How many traces it has.",
        "num_traces_with_error": "How many of its traces have a failed span.",
        "error_count": "How many of its spans failed.",
        "token_count_prompt": "Tokens that were sent to models.",
        "token_count_completion": "Tokens that models answered.",
        "token_count_total": "Tokens sent and answered together.",
        "prompt_cost": "What tokens sent to models cost, in dollars.",
        "completion_cost": "What tokens that models answered cost, in dollars.",
        "total_cost": "What all tokens cost, in dollars.",
        "session_id": "The session's id.",
        "trace_id": "The trace's id, in hexadecimal digits.",
        "span_id": "The span's id, in hexadecimal digits.",
        "parent_id": "The id of the span above, in hexadecimal digits; None at the top.",
        "user_id": "The user that the root span names.",
        "name": "What it is called.",
        "latency_ms": "How long it took, in milliseconds.",
        "duration_ms": "From the first trace's beginning to the last one's end, in milliseconds.",
        "llm_span_count": "How many of its spans are calls of models.",
        "tool_span_count": "How many of its spans are calls of tools.",
        "input": "What went into the root span.",
        "output": "What came out of the root span.",
        "first_input": "What went into the first trace.",
        "last_output": "What came out of the last trace.",
        "any_input": "What went into any of the traces.",
        "any_output": "What came out of any of the traces.",
        "span_kind": "What kind of work the span is, in upper case.",
        "status_code": "How the span ended: OK, ERROR or UNSET.",
        "status_message": "What was said of how the span ended.",
        "cumulative_llm_token_count_prompt": "Tokens sent to models by the span and all below it.",
        "cumulative_llm_token_count_completion": "Tokens that models answered to the span and all below it.",
        "cumulative_llm_token_count_total": "Tokens of the span and all below it.",
        "label": "What the annotation says, in a word.",
        "score": "What the annotation says, as a number.",
        "explanation": "Why the annotation says so.",
        "annotator_kind": "Who or what annotated: HUMAN, LLM or CODE.",
        "identifier": "Tells annotations of one name apart.",
        "token_type": "The kind of tokens.",
        "is_prompt": "Whether the tokens were sent to the model.",
        "tokens": "How many tokens.",
        "cost": "What the tokens cost, in dollars.",
        "spans": "Its spans.",
        "traces": "Its traces.",
        "span_annotations": "The annotations of its spans.",
        "trace_annotations": "The annotations of its traces.",
        "session_annotations": "The annotations of the session.",
        "span_cost_details": "What its spans cost by kind of token.",
    ]
}
