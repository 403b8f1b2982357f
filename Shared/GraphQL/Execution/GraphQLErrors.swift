/// Errors that keep a request from being executed at all (October 2021, 7.1.2).
public struct GraphQLErrors: Error, Sendable {
    public let errors: [GraphQLError]

    public init(errors: [GraphQLError]) {
        self.errors = errors
    }
}
