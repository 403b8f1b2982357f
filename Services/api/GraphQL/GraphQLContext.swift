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
    let attributes = ReadOnce<Int64, [UInt8]>()
    /// How spans hang together, by the trace's row.
    let trees = ReadOnce<Int64, SpanTree>()
    let activity = ReadOnce<Int64, ProjectActivity>()
    let sums: ProjectSums

    init(
        principal: Principal, repositories: Repositories, bus: MessageBus, accounts: any AccountSending,
        now: Int64 = SystemClock.now()
    ) {
        self.principal = principal
        self.repositories = repositories
        self.bus = bus
        self.accounts = accounts
        self.now = now
        sums = ProjectSums(repositories.statistics)
    }
}

typealias Field = FieldContext<GraphQLContext>
typealias QueryRoot = RootType<GraphQLContext>
typealias Object<Value: Sendable> = ObjectType<Value, GraphQLContext>

/// An error that clients are told as it is: bad input, something that is not there, a conflict.
struct ExpectedError: Error, Sendable, CustomStringConvertible {
    let message: String
    let code: ErrorCode?

    var description: String { message }

    init(_ message: String, _ code: ErrorCode? = nil) {
        self.message = message
        self.code = code
    }
}

/// What a program may want to do something about, beside the words for people: `extensions.code` of an error.
enum ErrorCode: String, Sendable {
    case notFound = "NOT_FOUND"
    case forbidden = "FORBIDDEN"
    /// Asking again later is right.
    case unavailable = "UNAVAILABLE"

    var extensions: [String: ErrorExtension] { ["code": .string(rawValue)] }
}

extension GraphQLError {
    init(message: String, _ code: ErrorCode?) {
        self.init(message: message, extensions: code?.extensions ?? [:])
    }
}
