import Database
import Domain
import Foundation
import Logging
import Storage
import Synchronization
import TestSupport
import Testing

@testable import bennu_api

extension APIFixture {
    /// The data of an answer without errors.
    func query(
        _ text: String, _ variables: [String: any Sendable] = [:], _ location: SourceLocation = #_sourceLocation
    ) async throws -> [String: Any] {
        let answer = try await answer(text, variables)
        if let errors = answer["errors"] { Issue.record("\(errors)", sourceLocation: location) }
        return try #require(answer["data"] as? [String: Any], sourceLocation: location)
    }

    /// The messages of an answer's errors.
    func errors(_ text: String, _ variables: [String: any Sendable] = [:]) async throws -> [String] {
        let errors = try await answer(text, variables)["errors"] as? [[String: Any]] ?? []
        return errors.compactMap { $0.text("message") }
    }

    /// Their codes, nil for those without.
    func errorCodes(_ text: String, _ variables: [String: any Sendable] = [:]) async throws -> [String?] {
        let errors = try await answer(text, variables)["errors"] as? [[String: Any]] ?? []
        return errors.map { $0.text("extensions.code") }
    }

    private func answer(_ text: String, _ variables: [String: any Sendable]) async throws -> [String: Any] {
        let body = try JSONSerialization.data(withJSONObject: ["query": text, "variables": variables])
        return try await send(.post, "/graphql", String(decoding: body, as: UTF8.self)).object()
    }

    /// One text of every node of a list under `node(id: $id)`, page by page.
    ///
    /// - Parameter list: the list's field with its arguments but for `after`, as `spans(first: 2`.
    func pages(_ id: String, _ type: String, _ list: String, _ text: String) async throws -> [String] {
        var found: [String] = []
        var after: String?
        let name = String(list.prefix { $0 != "(" })
        for _ in 0..<100 {
            let query = """
                query($id: ID!, $after: String) { node(id: $id) { ... on \(type) {
                    page: \(list), after: $after) { edges { cursor node { \(text) } } pageInfo { hasNextPage endCursor } }
                } } }
                """
            var variables: [String: any Sendable] = ["id": id]
            variables["after"] = after
            let page = try #require(
                try await self.query(query, variables).at("node", "page") as? [String: Any], "\(name)")
            found += try #require(page["edges"] as? [[String: Any]]).compactMap { $0.text("node.\(text)") }
            guard page.at("pageInfo", "hasNextPage") as? Bool == true else { return found }
            after = page.text("pageInfo.endCursor")
        }
        Issue.record("\(list) does not end")
        return found
    }
}

extension APIFixture {
    /// Goes back from every place of a list by two nodes, and checks what is found and said there.
    ///
    /// - Parameters:
    ///   - list: as for `pages`.
    ///   - expected: the text of every node in the list's order.
    func expectPagesBack(
        _ id: String, _ type: String, _ list: String, _ text: String, _ expected: [String],
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        func page(_ arguments: String) async throws -> [String: Any] {
            let data = try await query(
                """
                query($id: ID!) { node(id: $id) { ... on \(type) {
                    page: \(list), first: 1000\(arguments)) {
                        edges { cursor node { \(text) } } pageInfo { hasNextPage hasPreviousPage } } } } }
                """, ["id": id], location)
            return try #require(data.at("node", "page") as? [String: Any], sourceLocation: location)
        }
        let edges = try #require(try await page("")["edges"] as? [[String: Any]])
        #expect(edges.compactMap { $0.text("node.\(text)") } == expected, "\(list)", sourceLocation: location)
        for (place, edge) in edges.enumerated() {
            let cursor = edge.text("cursor") ?? ""
            let before = try await page(", last: 2, before: \"\(cursor)\"")
            let found = (before["edges"] as? [[String: Any]] ?? []).compactMap { $0.text("node.\(text)") }
            let wanted = Array(expected[..<place].suffix(2))
            #expect(found == wanted, "\(list) before \(place)", sourceLocation: location)
            #expect(before.at("pageInfo", "hasNextPage") as? Bool == true, sourceLocation: location)
            #expect(before.at("pageInfo", "hasPreviousPage") as? Bool == (place > 2), sourceLocation: location)
        }
    }
}

/// The documents that the browser application sends.
enum BrowserDocument {
    static func text(_ name: String) throws -> String {
        let repository = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardized
        let folder = repository.appending(path: "Services/api/Web/src/data/documents")
        return try String(contentsOf: folder.appending(path: "\(name).graphql"), encoding: .utf8)
    }
}

extension [String: Any] {
    /// What is at the end of a path; numbers are elements of lists.
    func at(_ path: Any...) -> Any? {
        var value: Any? = self
        for step in path {
            if let key = step as? String { value = (value as? [String: Any])?[key] }
            if let index = step as? Int, let list = value as? [Any] {
                value = list.indices.contains(index) ? list[index] : nil
            }
        }
        return value is NSNull ? nil : value
    }

    /// The same as text that can be compared: JSON with its keys in order.
    func json(_ path: Any...) throws -> String {
        var value: Any = self
        for step in path {
            if let key = step as? String { value = (value as? [String: Any])?[key] ?? NSNull() }
            if let index = step as? Int { value = (value as? [Any])?[index] ?? NSNull() }
        }
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes]
        return String(decoding: try JSONSerialization.data(withJSONObject: value, options: options), as: UTF8.self)
    }
}

/// The statements that a database ran.
final class StatementLog: Sendable {
    private let texts = Mutex<[String]>([])

    var options: DatabaseOptions {
        var options = DatabaseOptions()
        options.statementLogger = Logger(label: "statements") { _ in Handler(log: self) }
        return options
    }

    /// The statements that `body` had run and that read.
    func reads(_ body: () async throws -> Void) async rethrows -> [String] {
        texts.withLock { $0.removeAll() }
        try await body()
        return texts.withLock { $0.filter { $0.contains("SELECT") } }
    }

    private struct Handler: LogHandler {
        let log: StatementLog
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.texts.withLock { $0.append("\(event.metadata?["sql"] ?? "")") }
        }
    }
}

/// A project's spans with everything in them that the schema shows.
enum Corpus {
    static let second: Int64 = 1_000_000_000
    /// A Monday.
    static let start: Int64 = 1_767_571_200 * second

    static func at(_ seconds: Double) -> Int64 { start + Int64(seconds * Double(second)) }

    /// Two traces of one session with errors, tokens and documents, and one trace of nobody.
    static var spans: [TestSpan] {
        var root = TestSpan(trace: 1, id: 1, start: at(0), end: at(10))
        (root.name, root.kind, root.status, root.session, root.user) = ("ask", .agent, .ok, "talk", "ada")
        root.attributes = #"""
            {"input":{"value":"{\"q\": \"why\"}","mime_type":"application/json"},"output":{"value":"because"},
            "metadata":{"tier":1}}
            """#
        var llm = TestSpan(trace: 1, id: 2, parent: 1, start: at(1), end: at(4))
        (llm.name, llm.kind, llm.status, llm.session, llm.model) = ("call", .llm, .error, "talk", "gpt")
        (llm.promptTokens, llm.completionTokens) = (30, 12)
        llm.attributes = #"{"llm":{"token_count":{"prompt_details":{"cache_read":7,"audio":2}}},"input":{"value":5}}"#
        llm.events = #"""
            [{"name":"exception","timestamp":"2026-01-05T00:00:02.000000+00:00",
            "attributes":{"exception.message":"no","exception.type":"Oops"}}]
            """#
        var found = TestSpan(trace: 1, id: 3, parent: 2, start: at(2), end: at(3))
        (found.name, found.kind, found.session) = ("find", .retriever, "talk")
        found.promptTokens = 1
        found.attributes = #"{"retrieval":{"documents":[{"document":{"content":"a"}},{"document":{"content":"b"}}]}}"#
        var answer = TestSpan(trace: 2, id: 4, start: at(60), end: at(61))
        (answer.name, answer.status, answer.session) = ("answer", .ok, "talk")
        answer.attributes = #"{"output":{"value":"\#(String(repeating: "x", count: 150))"}}"#
        var orphan = TestSpan(trace: 3, id: 5, parent: 99, start: at(7200), end: at(7200.5))
        (orphan.name, orphan.kind, orphan.status) = ("lost", .tool, .error)
        return [root, llm, found, answer, orphan]
    }

    static let costing: SpanWriter.Costing = { _, span in
        guard span.kind == .llm else { return nil }
        return SpanCostColumns(
            modelID: 1, promptCost: 3_000_000, completionCost: 6_000_000,
            charges: [
                TokenCharge(tokenType: "input", isPrompt: true, tokens: 30, cost: 3_000_000),
                TokenCharge(tokenType: "output", isPrompt: false, tokens: 12, cost: 6_000_000),
            ])
    }
}
