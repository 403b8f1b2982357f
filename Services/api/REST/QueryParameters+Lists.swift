import FilterLanguage
import HTTP

/// What lists are asked with.
extension QueryParameters {
    /// One of some words. Throws 422 for another.
    func choice<Value>(_ name: String, _ options: [String: Value]) throws -> Value? {
        guard let text = text(name) else { return nil }
        guard let value = options[text] else {
            throw APIError.invalid("\(name) must be one of \(options.keys.sorted().joined(separator: ", "))")
        }
        return value
    }

    /// Milliseconds from 0 on, as nanoseconds. Throws 422 for what is none.
    func milliseconds(_ name: String) throws -> Int64? {
        guard let text = text(name) else { return nil }
        guard let number = Double(text), number >= 0 else {
            throw APIError.invalid("\(name) must be a number of milliseconds from 0 on")
        }
        // More than what a trace can take is no mistake: clients write infinity for no bound.
        return Int64(exactly: (number * 1e6).rounded()) ?? .max
    }

    /// An expression of the filter language; an empty one does not filter. Throws 422 that says what is wrong with it.
    func filter<Filter>(_ make: (String) throws(FilterError) -> Filter) throws -> Filter? {
        guard let text = text("filter"), text.contains(where: { !$0.isWhitespace }) else { return nil }
        do {
            return try make(text)
        } catch {
            throw APIError.invalid("filter: \(error)")
        }
    }
}
