import Foundation
import GraphQL
import Synchronization

/// A schema with something of everything, whose resolvers read a table of JSON objects. The reference executes the same
/// table with the SDL printed from this schema.
///
/// A text that begins with `!` is an error with the rest as its message; `{"ref": "box"}` is an object of the table.
enum Kitchen {
    typealias Node = InputValue
    typealias KitchenType = ObjectType<Node, KitchenContext>

    static func schema(
        fieldGuard: @escaping @Sendable (KitchenContext, String, String) throws -> Void = { _, _, _ in }
    ) throws -> ExecutableSchema<KitchenContext> {
        try ExecutableSchema(
            query: query, mutation: mutation, subscription: subscription,
            types: [
                box, ball, shelf, crate, node, labelled, thing, fruit, even, json, point, pick,
                shelf.extended(fields: more),
            ],
            directives: [
                SchemaDirective(
                    name: "tag", description: "Marks a field.",
                    arguments: [
                        .argument("weight", .float, default: 1.5), .argument("fruits", .list(.named("Fruit"))),
                    ],
                    isRepeatable: true, locations: ["FIELD", "FRAGMENT_SPREAD"])
            ], description: "A kitchen.\nIt has \"\"\"everything\"\"\".", fieldGuard: fieldGuard,
            presentError: { error, _ in error as? GraphQLError ?? GraphQLError(message: "\(error)") })
    }

    static let query = RootType<KitchenContext>("Query", description: "Where to begin.") { type in
        for (name, object) in [("box", "Box"), ("ball", "Ball"), ("shelf", "Shelf")] {
            type.field(name, .named(object)) { _, field in field.context.table.output(named: name) }
        }
        type.field("mustBox", .nonNull(.named("Box")), description: "Never null.") { _, field in
            field.context.table.output(named: "box")
        }
        type.field("things", .list(.nonNull(.named("Thing")))) { _, field in
            field.context.table.output(named: "things")
        }
        type.asyncField("node", .named("Node"), arguments: [.argument("id", .nonNull(.id))]) { _, field in
            field.context.table.output(named: try field.arguments.string("id"))
        }
        type.field(
            "echo", .string, description: "The arguments as they came in.",
            arguments: [
                .argument("int", .int), .argument("float", .float, default: 0.5), .argument("string", .string),
                .argument("boolean", .boolean), .argument("id", .id),
                .argument("fruit", .named("Fruit"), default: "PEAR"),
                .argument("even", .named("Even")), .argument("json", .named("JSON")),
                .argument("ints", .list(.nonNull(.int))), .argument("grid", .list(.list(.int))),
                .argument("point", .named("Point"), default: ["x": 1, "y": 3, "fruits": ["QUINCE"]]),
                .argument("points", .list(.nonNull(.named("Point")))), .argument("pick", .named("Pick")),
            ]
        ) { _, field in field.arguments.fields.canonical }
        type.field("required", .string, arguments: [.argument("int", .nonNull(.int))]) { _, field in
            field.arguments.fields.canonical
        }
    }

    static let mutation = RootType<KitchenContext>("Mutation") { type in
        type.asyncField("push", .int, arguments: [.argument("value", .nonNull(.int))]) { _, field in
            let value = try field.arguments.int("value")
            // Fields that ran side by side would end in another order than they began in.
            try await Task.sleep(for: .milliseconds(max(0, 10 - value)))
            return field.context.pushed(value)
        }
        type.asyncField("fail", .nonNull(.int)) { (_, _) -> Int in throw GraphQLError(message: "no luck") }
        type.field("query", .nonNull(.type(query))) { _ in query(RootValue()) }
    }

    static let subscription = RootType<KitchenContext>("Subscription") { type in
        type.subscription(
            "counted", .type(box), arguments: [.argument("to", .nonNull(.int))]
        ) { field in
            let to = try field.arguments.int("to")
            guard to > 0 else { throw GraphQLError(message: "nothing to count") }
            return AsyncThrowingStream<OutputValue, any Error> { events in
                for number in 1...to {
                    events.yield(.object(box, ["id": .int(Int64(number)), "count": .int(Int64(number))]))
                }
                if to > 5 { events.finish(throwing: GraphQLError(message: "too far")) } else { events.finish() }
            }
        }
    }

    static let box: KitchenType = ObjectType(
        "Box", description: "A box, which may hold other boxes.", implements: ["Labelled", "Node"]
    ) { type in
        type.read("id", .nonNull(.id))
        type.read("label", .string, arguments: [.argument("upper", .boolean, default: false)])
        type.read("count", .int)
        type.read("weight", .float)
        type.read("open", .boolean)
        type.read("fruit", .named("Fruit"))
        type.read("even", .named("Even"))
        type.read("extra", .named("JSON"))
        type.read("must", .nonNull(.int))
        type.batchedRead("inner", .named("Box"))
        type.batchedRead("mustInner", .nonNull(.named("Box")))
        type.batchedRead("things", .list(.named("Thing")))
        type.batchedRead("mustThings", .nonNull(.list(.nonNull(.named("Thing")))))
        type.read("rows", .list(.list(.nonNull(.int))))
        type.batchedRead("grid", .nonNull(.list(.list(.nonNull(.named("Ball"))))))
    }

    static let ball: KitchenType = ObjectType("Ball", implements: ["Node"]) { type in
        type.read("id", .nonNull(.id))
        type.read("count", .nonNull(.int))
        type.read("weight", .int)
        type.batchedRead("in", .named("Node"))
        type.read("old", .string, deprecated: "Use `id`.")
        type.read("older", .string, deprecated: "No longer supported")
    }

    static let shelf: KitchenType = ObjectType("Shelf", implements: ["Labelled", "Node"]) { type in
        type.read("id", .nonNull(.id))
        type.read("label", .string, arguments: [.argument("upper", .boolean, default: false)])
    }

    @Sendable private static func more(_ type: inout KitchenType.Fields) {
        type.batchedRead("nodes", .listOf(.named("Node")))
        type.batchedRead("labelled", .list(.named("Labelled")))
    }

    static let crate: KitchenType = ObjectType("Crate") { type in type.read("nothing", .string) }

    static let node = InterfaceType(
        "Node", description: "Has an id.", fields: [.field("id", .nonNull(.id), description: "Unlike all others.")])
    static let labelled = InterfaceType(
        "Labelled", implements: ["Node"],
        fields: [
            .field("id", .nonNull(.id)),
            .field("label", .string, arguments: [.argument("upper", .boolean, default: false)]),
        ])
    static let thing = UnionType("Thing", description: "What lies about.", members: ["Box", "Ball"])
    static let fruit = EnumType(
        "Fruit", Fruit.self, descriptions: [.apple: "Red or green."], deprecated: [.quince: "Out of season."])
    static let even = ScalarType(
        "Even", description: "A number that two divides.", specifiedBy: "https://scalars.example/even",
        parse: { value in
            guard case .int(let number) = value else { throw Complaint("not a number") }
            guard number % 2 == 0 else { throw Complaint("\(number) is odd") }
            return value
        },
        serialize: { value in
            guard case .int(let number) = value, number % 2 == 0 else { throw Complaint("odd or no number") }
            return value
        })
    static let json = ScalarType("JSON")
    static let point = InputObjectType(
        "Point", description: "A place.",
        fields: [
            .field("x", .nonNull(.int), description: "To the right."), .field("y", .int, default: 3),
            .field("tag", .string), .field("inner", .named("Point")),
            .field("fruits", .list(.nonNull(.named("Fruit"))), default: ["APPLE"]),
            .field("even", .named("Even"), deprecated: "Odd."),
        ])
    static let pick = InputObjectType(
        "Pick", isOneOf: true,
        fields: [.field("int", .int), .field("text", .string), .field("point", .named("Point"))])
}

enum Fruit: String, GraphQLEnum {
    case apple = "APPLE"
    case pear = "PEAR"
    case quince = "QUINCE"
}

struct Complaint: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What the kitchen's resolvers share: the table, and what they count.
final class KitchenContext: Sendable {
    let table: KitchenTable
    private let calls = Mutex<[String: Int]>([:])
    private let values = Mutex<[Int]>([])

    init(table: KitchenTable) {
        self.table = table
    }

    func called(_ field: String) { calls.withLock { $0[field, default: 0] += 1 } }
    func callCount(_ field: String) -> Int { calls.withLock { $0[field] ?? 0 } }

    func pushed(_ value: Int) -> Int {
        values.withLock { values in
            values.append(value)
            return values.count
        }
    }

    var pushedValues: [Int] { values.withLock { $0 } }
}

extension FieldList where Value == Kitchen.Node, Context == KitchenContext {
    mutating func read(
        _ name: String, _ type: WrappedType, arguments: [SchemaInputValue] = [], deprecated: String? = nil
    ) {
        field(name, type, arguments: arguments, deprecated: deprecated) { parent, field in
            field.context.table.output(parent.field(name) ?? .null)
        }
    }

    mutating func batchedRead(_ name: String, _ type: WrappedType) {
        batched(name, type) { parents, field in
            field.context.called("\(field.typeName).\(name)")
            return parents.map { field.context.table.output($0.field(name) ?? .null) }
        }
    }
}
