import Domain
import Foundation
import Hummingbird
import HummingbirdCore

/// The parameters of a URL's query, decoded, each with all its values in order
/// (application/x-www-form-urlencoded, as browsers and Python's clients write it).
public struct QueryParameters: Sendable {
    private let values: [String: [String]]
    /// Every parameter with its last value.
    public var pairs: [(name: String, value: String)] { values.map { (name: $0.key, value: $0.value.last ?? "") } }

    public init(_ uri: URI) {
        self.init(query: uri.query ?? "")
    }

    public init(query: String) {
        var values: [String: [String]] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.map(Self.decoded), !name.isEmpty else { continue }
            values[name, default: []].append(parts.count > 1 ? Self.decoded(parts[1]) : "")
        }
        self.values = values
    }

    /// The last value; nil where there is none.
    public func text(_ name: String) -> String? { values[name]?.last }

    /// Every value; nil where there is none.
    public func texts(_ name: String) -> [String]? { values[name] }

    /// Throws 422 for what is no whole number within `range`.
    public func integer(_ name: String, default: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = text(name) else { return `default` }
        guard let number = Int(text), range.contains(number) else {
            throw APIError.invalid("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Throws 422 for what is neither true nor false.
    public func boolean(_ name: String, default: Bool) throws -> Bool {
        switch text(name)?.lowercased() {
        case nil: return `default`
        case "true", "1": return true
        case "false", "0": return false
        default: throw APIError.invalid("\(name) must be true or false")
        }
    }

    /// A time in nanoseconds since 1970; one without an offset is UTC. Throws 422 for what is no ISO 8601 time.
    public func time(_ name: String) throws -> Int64? {
        guard let text = text(name) else { return nil }
        // An offset's plus that was not encoded has become a space.
        let repaired = text.count > 19 ? text.prefix(19) + text.dropFirst(19).replacing(" ", with: "+") : text[...]
        guard let time = Timestamp.parseISO8601(repaired) else {
            throw APIError.invalid("\(name) must be a time in ISO 8601, as 2026-07-01T12:00:00Z")
        }
        return time
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = String(text).replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }
}

extension Parameters {
    /// A part of the path, decoded. Throws 404 where the route has no such part.
    public func decoded(_ name: String) throws -> String {
        guard let text = get(name) else { throw APIError.notFound("not found") }
        return text.removingPercentEncoding ?? text
    }
}
