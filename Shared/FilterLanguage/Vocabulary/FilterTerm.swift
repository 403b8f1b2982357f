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
        /// An attribute of the root span.
        case attribute
        case annotation
        case iterable
        /// A field of an element of a collection, or a collection that each element has.
        case element
    }

    /// As it is written.
    public var name: String
    public var kind: Kind
    public var category: Category
    public var description: String
    /// The collection whose elements have it; nil outside of loops.
    public var collection: String?

    /// All terms for traces, with those of annotations and of the root spans' attributes that are known by name.
    public static func ofTraces(annotations: [String], attributes: [String]) -> [FilterTerm] {
        terms(.trace, category: .trace, annotations, attributes)
    }

    /// All terms for sessions, likewise.
    public static func ofSessions(annotations: [String], attributes: [String]) -> [FilterTerm] {
        terms(.session, category: .session, annotations, attributes)
    }

    private static let ownNames: Set<String> = [
        "start_time", "end_time", "trace_id", "session_id", "user_id", "name", "latency_ms", "duration_ms", "input",
        "output", "first_input", "last_output", "any_input", "any_output",
    ]

    private static func terms(
        _ vocabulary: FilterVocabulary, category: Category, _ annotations: [String], _ attributes: [String]
    ) -> [FilterTerm] {
        let own = sorted(vocabulary.fields).map { field in
            FilterTerm(field, category: ownNames.contains(field.name) ? category : .aggregate)
        }
        let loops = sorted(vocabulary.collections).flatMap { collection in
            [FilterTerm(collection, category: .iterable)] + ofElements(collection)
        }
        let root = "the \(vocabulary.subject)'s root span"
        return own.filter { $0.category != .aggregate } + own.filter { $0.category == .aggregate }
            + anyAttribute(of: root) + loops + attributes.map { attribute(named: $0, of: root) }
            + annotations.flatMap { ofAnnotation($0, vocabulary) }
    }

    private static func sorted<T>(_ named: [String: T]) -> [T] {
        named.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func ofElements(_ collection: FilterCollection) -> [FilterTerm] {
        let vocabulary = collection.vocabulary()
        let fields = sorted(vocabulary.fields).map { FilterTerm($0, category: .element, collection: collection.name) }
        let loops = sorted(vocabulary.collections).map {
            FilterTerm($0, category: .element, collection: collection.name)
        }
        return fields + loops + (vocabulary.hasParentSpan ? ofParentSpan(vocabulary, collection.name) : [])
    }

    private static func ofParentSpan(_ vocabulary: FilterVocabulary, _ collection: String) -> [FilterTerm] {
        let relation = FilterTerm(
            name: "parent_span", kind: .relation, category: .element, description: "The span above, if it came.",
            collection: collection)
        let fields = vocabulary.dottedFields.filter { $0.key.hasPrefix(FilterField.parentSpanPrefix) }
        return [relation] + sorted(fields).map { FilterTerm($0, category: .element, collection: collection) }
    }

    // MARK: Attributes

    private static func anyAttribute(of root: String) -> [FilterTerm] {
        func term(_ name: String, _ description: String) -> FilterTerm {
            FilterTerm(name: name, kind: .string, category: .attribute, description: description, collection: nil)
        }
        return [
            term("attributes[...]", "An attribute of \(root) by its name: attributes[\"llm.model_name\"]."),
            term("user.id", "The user that \(root) names: attributes[\"user.id\"]."),
            term("metadata[\"key\"]", "What the metadata of \(root) say: attributes[\"metadata.key\"]."),
        ]
    }

    private static func attribute(named name: String, of root: String) -> FilterTerm {
        FilterTerm(
            name: "attributes[\(quoted(name))]", kind: .string, category: .attribute,
            description: "An attribute that was seen of \(root).", collection: nil)
    }

    private static func quoted(_ name: String) -> String {
        "\"\(name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    // MARK: Annotations

    private static func ofAnnotation(_ name: String, _ vocabulary: FilterVocabulary) -> [FilterTerm] {
        guard let accessor = vocabulary.annotations.keys.min() else { return [] }
        let access = "\(accessor)[\(quoted(name))]"
        func term(_ suffix: String, _ kind: Kind, _ description: String) -> FilterTerm {
            FilterTerm(
                name: access + suffix, kind: kind, category: .annotation, description: description, collection: nil)
        }
        return [
            term("", .relation, "Whether the \(vocabulary.subject) has an annotation of this name."),
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
        let ofParent = field.name.hasPrefix(FilterField.parentSpanPrefix)
        let known = Self.descriptions[
            ofParent ? String(field.name.dropFirst(FilterField.parentSpanPrefix.count)) : field.name]
        description = ofParent ? "Of the span above: \(known ?? "")" : known ?? ""
    }

    fileprivate init(_ source: FilterCollection, category: Category, collection: String? = nil) {
        self.init(
            name: source.name, kind: .iterable, category: category, description: Self.descriptions[source.name] ?? "",
            collection: collection)
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
        "cumulative_error_count": "How many failed, of the span and all below it.",
        "llm_token_count_prompt": "Tokens that the span itself sent to a model; missing where it says none.",
        "llm_token_count_completion": "Tokens that a model answered to the span itself; missing where it says none.",
        "llm_token_count_total": "Tokens of the span itself; 0 where it says none.",
        "label": "What the annotation says, in a word.",
        "score": "What the annotation says, as a number.",
        "explanation": "Why the annotation says so.",
        "annotator_kind": "Who or what annotated: HUMAN, LLM or CODE.",
        "identifier": "Tells annotations of one name apart.",
        "token_type": "The kind of tokens.",
        "is_prompt": "Whether the tokens were sent to the model.",
        "tokens": "How many tokens.",
        "cost": "What the tokens cost, in dollars.",
        "cost_per_token": "What one of the tokens cost, in dollars; missing where there are none.",
        "spans": "Its spans.",
        "traces": "Its traces.",
        "span_annotations": "The annotations of its spans.",
        "trace_annotations": "The annotations of its traces.",
        "session_annotations": "The annotations of the session.",
        "span_cost_details": "What its spans cost by kind of token.",
        "annotations": "The span's annotations.",
        "cost_details": "What the span cost by kind of token.",
        "children": "The spans right below it.",
        "siblings": "The other spans below the same one.",
    ]
}
