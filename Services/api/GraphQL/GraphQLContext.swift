import Access
import Domain
import GraphQL
import Messaging
import Storage

/// What resolvers know of a request.
struct GraphQLContext: Sendable {
    let principal: Principal
    let repositories: Repositories
    let bus: MessageBus
    let accounts: any AccountSending
    /// Nanoseconds since 1970: one moment for all of a request.
    let now: Int64
    /// Spans' attributes, by the span's row.
    let attributes = ReadOnce<[UInt8]>()
    /// How spans hang together, by the trace's row.
    let trees = ReadOnce<SpanTree>()
    let activity = ReadOnce<ProjectActivity>()

    init(
        principal: Principal, repositories: Repositories, bus: MessageBus, accounts: any AccountSending,
        now: Int64 = SystemClock.now()
    ) {
        self.principal = principal
        self.repositories = repositories
        self.bus = bus
        self.accounts = accounts
        self.now = now
    }
}

typealias Field = FieldContext<GraphQLContext>
typealias QueryRoot = RootType<GraphQLContext>
typealias Object<Value: Sendable> = ObjectType<Value, GraphQLContext>

/// An error that clients are told as it is: bad input, something that is not there, a conflict.
struct ExpectedError: Error, Sendable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
