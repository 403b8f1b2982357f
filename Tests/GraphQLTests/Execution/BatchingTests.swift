import GraphQL
import Synchronization
import Testing

@Suite("One call a level")
struct BatchingTests {
    struct Author: Sendable, Equatable {
        var id: Int
    }

    struct Book: Sendable {
        var id: Int
    }

    /// What the resolvers were called with.
    final class Log: Sendable {
        private let entries = Mutex<[String]>([])
        private let running = Mutex((now: 0, most: 0))

        func add(_ entry: String) { entries.withLock { $0.append(entry) } }
        var sorted: [String] { entries.withLock { $0.sorted() } }

        var mostAtOnce: Int { running.withLock { $0.most } }
        func begin() { running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func end() { running.withLock { $0.now -= 1 } }
    }

    private static let author: ObjectType<Author, Log> = ObjectType("Author") { type in
        type.field("id", .nonNull(.int), \.id)
        type.batched("books", .listOf(.type(book)), arguments: [.argument("first", .int, default: 2)]) {
            (authors: [Author], field: FieldContext<Log>) -> [OutputValue] in
            field.context.add("books of \(authors.map(\.id)) \(field.selects("author", "id"))")
            let first = try field.argument("first", as: Int.self)
            return authors.map { author in .objects(book, (0..<first).map { Book(id: author.id * 10 + $0) }) }
        }
        type.asyncField("slow", .int) { author, field in
            field.context.begin()
            defer { field.context.end() }
            try await Task.sleep(for: .milliseconds(1))
            return author.id
        }
    }

    private static let book: ObjectType<Book, Log> = ObjectType("Book") { type in
        type.field("id", .nonNull(.int)) { $0.id }
        type.batched("author", .type(author)) { (books: [Book], field: FieldContext<Log>) in
            field.context.add("author of \(books.map(\.id))")
            return books.map {
                $0.id == 21 ? OutputValue.failure(GraphQLError(message: "lost")) : author(Author(id: $0.id / 10))
            }
        }
        type.batched("stars", .int) { (books: [Book], field: FieldContext<Log>) -> [Int] in
            throw GraphQLError(message: "no stars", extensions: ["code": .string("DARK")])
        }
        type.batched("held", .int) { (books: [Book], field: FieldContext<Log>) in
            try field.spend(books.count * 10)
            field.context.add("held \(books.count)")
            return books.map(\.id)
        }
        type.batched("short", .int) { (_: [Book], _: FieldContext<Log>) in [1] }
    }

    private static func schema(
        fieldGuard: @escaping @Sendable (Log, String, String) throws -> Void = { _, _, _ in }
    ) throws -> ExecutableSchema<Log> {
        let query = RootType<Log>("Query") { type in
            type.field("authors", .listOf(.type(author)), arguments: [.argument("count", .int, default: 3)]) {
                _, field in author((1...(try field.argument("count", as: Int.self))).map { Author(id: $0) })
            }
        }
        return try ExecutableSchema(query: query, types: [author, book], fieldGuard: fieldGuard)
    }

    private func answer(_ text: String, _ log: Log, limits: ExecutionLimits = ExecutionLimits()) async throws -> String
    {
        let server = GraphQLServer(schema: try Self.schema(), executionLimits: limits)
        return String(
            decoding: await server.execute(GraphQLRequest(query: text), context: log).jsonBytes, as: UTF8.self)
    }

    @Test("Each field is resolved once for all parents of its level")
    func oneCall() async throws {
        let log = Log()
        let answer = try await answer(
            "{ authors { id books { id author { books(first: 1) { id } } } } }", log)
        #expect(
            log.sorted == [
                "author of [10, 11, 20, 21, 30, 31]", "books of [1, 1, 2, 3, 3] false", "books of [1, 2, 3] false",
            ])
        let first =
            #"{"id":1,"books":[{"id":10,"author":{"books":[{"id":10}]}},{"id":11,"author":{"books":[{"id":10}]}}]}"#
        #expect(answer.contains(first))
        #expect(answer.contains(#"{"id":21,"author":null}"#))
        #expect(answer.contains(#""path":["authors",1,"books",1,"author"]"#))
    }

    @Test("A resolver knows what is selected below it, through fragments and directives")
    func selection() async throws {
        let log = Log()
        _ = try await answer("{ authors(count: 1) { books { ...B } } } fragment B on Book { author { id } }", log)
        _ = try await answer("{ authors(count: 1) { books { author { id @skip(if: true) __typename } } } }", log)
        #expect(log.sorted.filter { $0.hasPrefix("books") } == ["books of [1] false", "books of [1] true"])
    }

    @Test("Selected fields are listed by type, and below each other")
    func selectedFields() async throws {
        let query = RootType<Log>("Query") { type in
            type.field("either", .named("Either")) { _, field in
                let selection = field.selection
                field.context.add("a all \(selection.names())")
                field.context.add("b Book \(selection.names(on: "Book"))")
                field.context.add("c below \(selection.below("author", on: "Book").names())")
                field.context.add("d \(field.selects("books", "id")) \(field.selects("books", "id", on: "Book"))")
                return Self.author(Author(id: 1))
            }
        }
        let either = UnionType("Either", members: ["Author", "Book"])
        let schema = try ExecutableSchema(query: query, types: [Self.author, Self.book, either])
        let text = """
            { either { __typename ...A ... on Book { stars author { slow } x: author { id ...A } } } }
            fragment A on Author { id books { id } }
            """
        let log = Log()
        let response = await GraphQLServer(schema: schema).execute(GraphQLRequest(query: text), context: log)
        #expect(response.errors.isEmpty)
        #expect(
            log.sorted == [
                "a all [\"__typename\", \"id\", \"books\", \"stars\", \"author\"]",
                "b Book [\"__typename\", \"stars\", \"author\"]",
                "books of [1] false", "c below [\"slow\", \"id\", \"books\"]", "d true false",
            ])
    }

    @Test("A request that is cancelled answers so, and asks no more resolvers")
    func cancellation() async throws {
        let log = Log()
        let server = GraphQLServer(schema: try Self.schema())
        let request = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await server.execute(GraphQLRequest(query: "{ authors { books { id } } }"), context: log)
        }
        #expect(await request.value.errors.first?.message == "The request was cancelled.")
        #expect(log.sorted.isEmpty)
    }

    @Test("An error thrown is that of each parent, with its extensions")
    func thrown() async throws {
        let answer = try await answer("{ authors(count: 1) { books { stars } } }", Log())
        let error =
            #"{"message":"no stars","locations":[{"line":1,"column":31}],"path":["authors",0,"books",0,"stars"],"extensions":{"code":"DARK"}}"#
        #expect(answer.contains(error))
        #expect(answer.hasSuffix(#""data":{"authors":[{"books":[{"stars":null},{"stars":null}]}]}}"#))
    }

    @Test("A resolver that answers another number of values than it has parents fails")
    func wrongCount() async throws {
        let answer = try await answer("{ authors(count: 1) { books { short } } }", Log())
        #expect(answer.contains(#""message":"an unexpected error occurred""#))
    }

    @Test("Values of another type with the same name fail at their places")
    func foreignValues() async throws {
        let other = ObjectType<Int, Log>("Book") { _ in }
        let query = RootType<Log>("Query") { type in
            type.field("books", .listOf(.type(Self.book))) { _ in other([1, 2]) }
            type.field("book", .type(Self.book)) { _ in other(1) }
        }
        let schema = try ExecutableSchema(query: query, types: [Self.author, Self.book])
        let response = await schema.execute(try Document(parsing: "{ book { id } books { id } }"), context: Log())
        #expect(response.errors.map(\.path) == [[.key("book")], [.key("books"), .index(0)]])
        #expect(String(decoding: response.jsonBytes, as: UTF8.self).hasSuffix(#""data":null}"#))
    }

    @Test("No more resolvers wait at once than the limit says")
    func concurrency() async throws {
        let log = Log()
        let text = try await answer(
            "{ authors(count: 40) { a: slow b: slow } }", log, limits: ExecutionLimits(concurrentResolversMax: 3))
        #expect(text.contains(#"{"a":40,"b":40}"#))
        #expect(log.mostAtOnce == 3)
    }

    @Test("The guard is asked once for a field of a level, and its error is the field's")
    func fieldGuard() async throws {
        let log = Log()
        let schema = try Self.schema { log, type, field in
            log.add("\(type).\(field)")
            if field == "stars" || field == "__schema" { throw GraphQLError(message: "not for you") }
        }
        let text = "{ authors { books { id stars __typename } } __schema { queryType { name } } }"
        let response = await GraphQLServer(schema: schema).execute(GraphQLRequest(query: text), context: log)
        #expect(response.errors.count == 7)
        #expect(response.errors.allSatisfy { $0.message == "not for you" })
        #expect(
            log.sorted.filter { $0.contains(".") } == [
                "Author.books", "Book.id", "Book.stars", "Query.__schema", "Query.authors",
            ])
    }

    @Test("An answer with as many fields as it may have is given, one with more is one error however it is asked")
    func answerLimit() async throws {
        let text = "{ authors(count: 4) { id books(first: 5) { id author { id } } } }"
        // The list, two fields of each of 4 authors, two of each of 20 books and one of each book's author but a lost one's.
        let fields = 1 + 4 * 2 + 20 * 2 + 19
        let whole = try await answer(text, Log(), limits: ExecutionLimits(answeredFieldsMax: fields))
        #expect(whole.contains(#""lost""#))
        let spread =
            "{ authors(count: 4) { ...A } } fragment A on Author { id ... { books(first: 9) { id stars } } }"
        for document in [text, spread] {
            let refused = try await answer(document, Log(), limits: ExecutionLimits(answeredFieldsMax: fields - 1))
            let message =
                "The answer has more than \(fields - 1) fields. Ask for fewer items of lists, or fewer fields of each."
            #expect(refused == #"{"errors":[{"message":"\#(message)"}],"data":null}"#)
        }
    }

    @Test("Once an answer is too large no resolver is asked any more")
    func nothingMoreIsAsked() async throws {
        let log = Log()
        let text = "{ authors(count: 2) { books(first: 2) { id author { id books { id } } } } }"
        _ = try await answer(text, log, limits: ExecutionLimits(answeredFieldsMax: 3))
        #expect(log.sorted == ["books of [1, 2] true"])
    }

    @Test("What a resolver says that it holds counts as well")
    func spending() async throws {
        let log = Log()
        let text = "{ authors(count: 1) { books(first: 3) { held } } }"
        let fields = 1 + 1 + 3
        #expect(
            try await answer(text, log, limits: ExecutionLimits(answeredFieldsMax: fields + 30)).contains(
                #"{"held":12}"#))
        let refused = try await answer(text, log, limits: ExecutionLimits(answeredFieldsMax: fields + 29))
        #expect(refused.contains("The answer has more than 34 fields."))
        #expect(refused.hasSuffix(#""data":null}"#))
        #expect(log.sorted.filter { $0.hasPrefix("held") } == ["held 3"])
    }

    @Test("A request that takes too long is ended with an error")
    func timeLimit() async throws {
        let query = RootType<Log>("Query") { type in
            type.asyncField("sleep", .int) { _, field in
                do {
                    try await Task.sleep(for: .seconds(600))
                } catch {
                    field.context.add("cancelled")
                    throw error
                }
                return 1
            }
        }
        let log = Log()
        let server = GraphQLServer(
            schema: try ExecutableSchema(query: query), executionLimits: ExecutionLimits(timeMax: .milliseconds(20)))
        let response = await server.execute(GraphQLRequest(query: "{ sleep }"), context: log)
        #expect(response.errors.map(\.message) == ["The request took longer than 0.02 seconds."])
        #expect(log.sorted == ["cancelled"])
    }
}
