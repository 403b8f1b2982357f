import GraphQL
import Testing

/// How a schema is declared: types in circles, an extension, an enum, an input object and a mutation.
private enum Library {
    /// Stands for a database: every call of it is one statement.
    struct Store: Sendable {
        func loans(ofBooks ids: [Int]) async throws -> [Int: [Loan]] {
            Dictionary(grouping: ids.filter { $0 != 3 }.map { Loan(bookID: $0, days: $0 * 7) }, by: \.bookID)
        }
    }

    struct Book: Sendable {
        var id: Int
        var title: String
        var genre: Genre
    }

    struct Loan: Sendable {
        var bookID: Int
        var days: Int
    }

    enum Genre: String, GraphQLEnum {
        case novel = "NOVEL"
        case poetry = "POETRY"
    }

    struct BookInput: InputObjectDecodable {
        var title: String
        var genre: Genre
        var subtitle: String?
        var tags: [String]
        var clearsSubtitle: Bool

        init(fields: Arguments) throws {
            title = try fields.value("title")
            genre = try fields.value("genre")
            subtitle = try fields.value("subtitle")
            tags = try fields.value("tags")
            clearsSubtitle = fields.contains("subtitle") && subtitle == nil
        }
    }

    static let books = [
        Book(id: 1, title: "Emma", genre: .novel), Book(id: 2, title: "Howl", genre: .poetry),
        Book(id: 3, title: "Ulysses", genre: .novel),
    ]

    static let query = RootType<Store>("Query") { type in
        type.field("books", .listOf(.type(book)), arguments: [.argument("genre", .named("Genre"))]) { _, field in
            let genre: Genre? = try field.argument("genre")
            return book(books.filter { genre == nil || $0.genre == genre })
        }
    }

    static let book: ObjectType<Book, Store> = ObjectType("Book", description: "Something to read.") { type in
        type.field("id", .nonNull(.id)) { $0.id }
        type.field("title", .nonNull(.string)) { $0.title }
        type.field("genre", .nonNull(.named("Genre"))) { $0.genre }
    }

    /// As another file would add to the type.
    static let bookLoans = book.extended { type in
        type.batched("loan", .type(loan)) { books, field in
            let loans = try await field.context.loans(ofBooks: books.map(\.id))
            return books.map { loan(loans[$0.id]?.first) }
        }
    }

    static let loan: ObjectType<Loan, Store> = ObjectType("Loan") { type in
        type.field("days", .nonNull(.int)) { $0.days }
        type.field("book", .type(book)) { loan in book(books.first { $0.id == loan.bookID }) }
    }

    static let mutation = RootType<Store>("Mutation") { type in
        type.asyncField(
            "addBook", .nonNull(.string), arguments: [.argument("input", .nonNull(.named("BookInput")))]
        ) { _, field in
            let input: BookInput = try field.argument("input")
            return "\(input.title) \(input.genre) \(input.subtitle ?? "-") \(input.tags) \(input.clearsSubtitle)"
        }
    }

    static func schema() throws(SchemaError) -> ExecutableSchema<Store> {
        try ExecutableSchema(
            query: query, mutation: mutation,
            types: [
                book, bookLoans, loan, EnumType("Genre", Genre.self),
                InputObjectType(
                    "BookInput",
                    fields: [
                        .field("title", .nonNull(.string)), .field("genre", .named("Genre"), default: "NOVEL"),
                        .field("subtitle", .string), .field("tags", .listOf(.string), default: []),
                    ]),
            ])
    }
}

@Suite("A schema in Swift")
struct DeclarationTests {
    private func answer(_ text: String) async throws -> String {
        let server = GraphQLServer(schema: try Library.schema())
        let response = await server.execute(GraphQLRequest(query: text), context: Library.Store())
        return String(decoding: response.jsonBytes, as: UTF8.self)
    }

    @Test("Types refer to each other across files, and extensions have resolvers of their own")
    func circles() async throws {
        #expect(
            try await answer("{ books(genre: NOVEL) { title genre loan { days book { id } } } }")
                == #"{"data":{"books":[{"title":"Emma","genre":"NOVEL","loan":{"days":7,"book":{"id":"1"}}},"#
                + #"{"title":"Ulysses","genre":"NOVEL","loan":null}]}}"#)
    }

    @Test("An input object is read as a Swift type, and null is told from nothing")
    func inputObjects() async throws {
        #expect(
            try await answer(
                "mutation { addBook(input: {title: \"Odes\", genre: POETRY, subtitle: null, tags: \"a\"}) }")
                == #"{"data":{"addBook":"Odes poetry - [\"a\"] true"}}"#)
        #expect(
            try await answer("mutation { addBook(input: {title: \"Emma\"}) }")
                == #"{"data":{"addBook":"Emma novel - [] false"}}"#)
    }

    @Test("The smallest schema answers")
    func hello() async throws {
        let query = RootType<Int>("Query") { type in
            type.field("hello", .nonNull(.string), arguments: [.argument("name", .string, default: "world")]) {
                _, field in "Hello, \(try field.argument("name", as: String.self)) \(field.context)"
            }
        }
        let schema = try ExecutableSchema(query: query)
        let response = await schema.execute(
            try Document(parsing: "{ hello again: hello(name: \"you\") __typename }"), context: 7)
        #expect(
            String(decoding: response.jsonBytes, as: UTF8.self)
                == #"{"data":{"hello":"Hello, world 7","again":"Hello, you 7","__typename":"Query"}}"#)
    }
}
