/// An error as an answer's `errors` list carries it (October 2021, 7.1.2).
public struct GraphQLError: Error, Sendable {
    public var message: String
    /// The places in the document that the error belongs to; empty where there is none.
    public var locations: [SourceLocation]
    /// The field of the answer that failed; nil for errors before execution.
    public var path: [PathElement]?
    /// What the server adds to the error: plain names, such as `code`, to JSON values.
    public var extensions: [String: ErrorExtension]

    public init(
        message: String, locations: [SourceLocation] = [], path: [PathElement]? = nil,
        extensions: [String: ErrorExtension] = [:]
    ) {
        self.message = message
        self.locations = locations
        self.path = path
        self.extensions = extensions
    }
}

/// One step from the answer's root towards a field.
public enum PathElement: Sendable, Hashable {
    /// A response key: an alias or a field's name.
    case key(String)
    /// A position in a list, from 0.
    case index(Int)
}

/// A value in an error's extensions.
public enum ErrorExtension: Sendable, Hashable {
    case string(String)
    case int(Int)
    case boolean(Bool)
    case list([ErrorExtension])
    case object([String: ErrorExtension])
}
