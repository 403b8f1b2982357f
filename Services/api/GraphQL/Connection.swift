import Domain
import GraphQL

/// Where a page stands among all that there is.
struct PageInfo: Sendable, Hashable {
    var hasNext: Bool
    var hasPrevious: Bool
    var startCursor: String?
    var endCursor: String?
}

/// One page of a list, each item with its cursor (Relay's Cursor Connections).
struct Page<Item: Sendable>: Sendable {
    var items: [Item]
    var cursors: [String]
    var hasNext: Bool
    var hasPrevious: Bool

    /// - Parameter fetched: up to one more than `limit`, which says whether there are more.
    init(_ fetched: [Item], limit: Int, hasPrevious: Bool, cursor: (Item) -> String) {
        items = Array(fetched.prefix(limit))
        cursors = items.map(cursor)
        hasNext = fetched.count > limit
        self.hasPrevious = hasPrevious
    }

    /// A page of a list that is read from where `arguments` say.
    ///
    /// - Parameter fetched: what stands between `after` and `before`: up to one more than `first`, which says whether there are
    ///   more.
    init(_ fetched: [Item], _ arguments: PageArguments, cursor: (Item) -> String) {
        var page = fetched.prefix(arguments.limit)
        hasNext = fetched.count > page.count || arguments.before != nil
        hasPrevious = arguments.after != nil
        if let last = arguments.last, last < page.count {
            page = page.suffix(last)
            hasPrevious = true
        }
        items = Array(page)
        cursors = items.map(cursor)
    }

    /// A page of a list that is in memory whole.
    init(of all: [Item], _ arguments: PageArguments) throws {
        let start = try arguments.after.map { try Self.position($0) + 1 } ?? 0
        let end = try arguments.before.map { try Self.position($0) } ?? all.count
        var range = min(max(start, 0), all.count)..<min(max(end, min(max(start, 0), all.count)), all.count)
        if let first = arguments.first { range = range.prefix(first) }
        if let last = arguments.last { range = range.suffix(last) }
        items = Array(all[range])
        cursors = range.map { Base64.encode(Array("position:\($0)".utf8)) }
        hasNext = range.upperBound < all.count
        hasPrevious = range.lowerBound > 0
    }

    /// The same page of other items, without those that have none.
    func compactMap<Other: Sendable>(_ other: (Item) -> Other?) -> Page<Other> {
        let pairs = zip(cursors, items).compactMap { cursor, item in other(item).map { (cursor, $0) } }
        return Page<Other>(
            items: pairs.map(\.1), cursors: pairs.map(\.0), hasNext: hasNext, hasPrevious: hasPrevious)
    }

    /// The same page of something else; what becomes nil is left out.
    func mapped<Other>(_ transform: (Item) -> Other?) -> Page<Other> {
        let pairs = zip(items, cursors).compactMap { item, cursor in transform(item).map { ($0, cursor) } }
        return Page<Other>(
            items: pairs.map(\.0), cursors: pairs.map(\.1), hasNext: hasNext, hasPrevious: hasPrevious)
    }

    fileprivate init(items: [Item], cursors: [String], hasNext: Bool, hasPrevious: Bool) {
        self.items = items
        self.cursors = cursors
        self.hasNext = hasNext
        self.hasPrevious = hasPrevious
    }

    private static func position(_ cursor: String) throws -> Int {
        guard let bytes = Base64.decode(cursor), let text = String(validating: bytes, as: UTF8.self),
            text.hasPrefix("position:"), let position = Int(text.dropFirst("position:".count))
        else { throw ExpectedError("the cursor is not one of this list") }
        return position
    }

    var info: PageInfo {
        PageInfo(
            hasNext: hasNext, hasPrevious: hasPrevious, startCursor: cursors.first, endCursor: cursors.last)
    }
}

extension FieldContext<GraphQLContext> {
    // About what a span's columns take in memory, as fields of an answer.
    private static var fieldsPerRow: Int { 8 }

    /// Counts rows that a list is made of towards what an answer may have, before they are read where their number is known.
    func spend(rows: some BinaryInteger) throws { try spend(Int(clamping: rows) * Self.fieldsPerRow) }
}

/// `first`, `after`, `last` and `before`, within bounds.
struct PageArguments: Sendable {
    static let firstMax = 1000

    var first: Int?
    var after: String?
    var last: Int?
    var before: String?

    /// - Parameter isFirstNeeded: whether the list is read no other way, so that `first` says how many items are wanted.
    init(_ arguments: Arguments, isFirstNeeded: Bool = false) throws {
        first = try Self.count(arguments, "first")
        if isFirstNeeded, first == 0 { throw ExpectedError("first must be a positive integer") }
        after = try arguments.optionalString("after").flatMap { $0.isEmpty ? nil : $0 }
        last = try Self.count(arguments, "last")
        before = try arguments.optionalString("before").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// How many items a page has that is read forwards.
    var limit: Int { first ?? Self.firstMax }

    /// The row that `after` names. Throws `ExpectedError` where it is no cursor of nodes of this type.
    func rowID(of type: String) throws -> Int64? { try after.map { try Self.rowID($0, of: type) } }

    /// The row that `before` names, in the same way.
    func rowIDBefore(of type: String) throws -> Int64? { try before.map { try Self.rowID($0, of: type) } }

    private static func rowID(_ cursor: String, of type: String) throws -> Int64 {
        guard let id = GlobalID(encoded: cursor), id.typeName == type else {
            throw ExpectedError("the cursor is not one of this list")
        }
        return id.number
    }

    private static func count(_ arguments: Arguments, _ name: String) throws -> Int? {
        guard let count = try arguments.optionalInt(name) else { return nil }
        guard count >= 0 else { throw ExpectedError("\(name) must not be negative") }
        guard count <= firstMax else { throw ExpectedError("\(name) must not be more than \(firstMax)") }
        return count
    }

    /// As a field declares them. `first` is required where it has no default.
    static func declared(first: Int? = 50) -> [SchemaInputValue] {
        [
            first.map { .argument("first", .int, default: .int(Int64($0))) }
                ?? .argument("first", .nonNull(.int)),
            .argument("last", .int), .argument("after", .string), .argument("before", .string),
        ]
    }
}

/// The two types of a connection: `ProjectConnection` with its `ProjectEdge`.
struct ConnectionTypes<Item: Sendable>: Sendable {
    struct Edge: Sendable {
        var cursor: String
        var item: Item
    }

    let connection: Object<Page<Item>>
    let edge: Object<Edge>

    var types: [any TypeDeclaration] { [connection, edge] }

    /// - Parameters:
    ///   - name: the node's type.
    ///   - node: makes an item a value of that type.
    init(_ name: String, node: @escaping @Sendable (Item) -> OutputValue) {
        let edge: Object<Edge> = ObjectType("\(name)Edge", description: "A \(name) in a list.") { type in
            type.field("cursor", .nonNull(.string), description: "Where the list can be read on from.") { $0.cursor }
            type.field("node", .nonNull(.named(name)), description: "The \(name) itself.") { node($0.item) }
        }
        self.edge = edge
        connection = ObjectType("\(name)Connection", description: "A page of a list.") { type in
            type.field("pageInfo", .nonNull(.named("PageInfo")), description: "Where the page stands.") {
                CoreTypes.pageInfo($0.info)
            }
            type.field("edges", .nonNull(.list(.nonNull(.named("\(name)Edge")))), description: "What is on it.") {
                page in
                OutputValue.list(zip(page.cursors, page.items).map { edge(Edge(cursor: $0, item: $1)) })
            }
        }
    }

    func callAsFunction(_ page: Page<Item>) -> OutputValue { connection(page) }
}
