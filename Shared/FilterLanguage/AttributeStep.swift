/// A step of the way to a value in a span's attributes.
public enum AttributeStep: Sendable, Hashable {
    case key(String)
    /// From 0; negative numbers count from the end.
    case index(Int)

    /// The way that a name of the filter language says: `llm.model_name`, `attributes['a']['b']`, `tags[0]`.
    ///
    /// Keys between dots need not be names: `retrieval.documents.0.document.content` is one too. Throws `FilterError` for
    /// what is no path.
    public static func path(_ text: String) throws(FilterError) -> [AttributeStep] {
        if !text.contains("[") {
            let keys = text.split(separator: ".", omittingEmptySubsequences: false)
            guard keys.allSatisfy({ !$0.isEmpty }) else {
                throw FilterError("\(FilterError.shown(text)) is not the name of an attribute", position: 0)
            }
            return keys.map { .key(String($0)) }
        }
        return try FilterChecker.attributePath(text).steps.map { step in
            switch step {
            case .key(let key): .key(key)
            case .index(let index): .index(Int(index))
            }
        }
    }
}
