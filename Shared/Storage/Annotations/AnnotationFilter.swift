import Database

/// Which annotations of a target are wanted.
public struct AnnotationFilter: Sendable, Hashable {
    /// What an annotation is compared with; nil stands for anything.
    public struct Condition: Sendable, Hashable {
        public var names: [String]?
        public var sources: [AnnotationSource]?
        /// Nil among them is an annotation of nobody.
        public var userIDs: [Int64?]?

        public init(names: [String]? = nil, sources: [AnnotationSource]? = nil, userIDs: [Int64?]? = nil) {
            self.names = names
            self.sources = sources
            self.userIDs = userIDs
        }
    }

    /// All that it says must hold.
    public var include: Condition
    /// Nothing that it says may hold.
    public var exclude: Condition

    public init(include: Condition = Condition(), exclude: Condition = Condition()) {
        self.include = include
        self.exclude = exclude
    }

    /// Of the annotations' table as `a`.
    func add(to conditions: inout SQLConditions) {
        if let names = include.names { conditions.add("a.name", isOneOf: names.map(SQLValue.text)) }
        if let sources = include.sources {
            conditions.add("a.source", isOneOf: sources.map { .text($0.rawValue) })
        }
        if let users = include.userIDs { conditions.add("COALESCE(a.user_id, 0)", isOneOf: Self.values(users)) }
        if let names = exclude.names, !names.isEmpty {
            conditions.add("NOT a.name", isOneOf: names.map(SQLValue.text))
        }
        if let sources = exclude.sources, !sources.isEmpty {
            conditions.add("NOT a.source", isOneOf: sources.map { .text($0.rawValue) })
        }
        if let users = exclude.userIDs, !users.isEmpty {
            conditions.add("NOT COALESCE(a.user_id, 0)", isOneOf: Self.values(users))
        }
    }

    /// No user has the number 0.
    private static func values(_ users: [Int64?]) -> [SQLValue] { users.map { .integer($0 ?? 0) } }
}
