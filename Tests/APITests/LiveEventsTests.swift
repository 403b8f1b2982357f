import Database
import HTTPTypes
import Hummingbird
import Logging
import Messaging
import NIOEmbedded
import Storage
import Synchronization
import TestSupport
import Testing

@testable import bennu_api

@Suite("Live events", .serialized)
struct LiveEventsTests {
    @Test("what happened since the last time is told once, all of it together")
    func coalescing() async {
        let events = LiveEvents()
        let watcher = events.watch(projectID: 1)
        #expect(events.takeNews(watcher.id) == nil)
        events.tell(SpansArrived(projectIDs: [1, 2], traceIDs: ["b", "a"]))
        events.tell(SpansArrived(projectIDs: [1], traceIDs: ["c", "a"]))
        events.close()
        var signals = 0
        for await _ in watcher.signals { signals += 1 }
        #expect(signals == 1)
        #expect(events.takeNews(watcher.id) == ["a", "b", "c"])
        #expect(events.takeNews(watcher.id) == nil)
    }

    @Test("news of another project is not told")
    func otherProject() async {
        let events = LiveEvents()
        let watcher = events.watch(projectID: 1)
        events.tell(SpansArrived(projectIDs: [2], traceIDs: ["a"]))
        #expect(events.takeNews(watcher.id) == nil)
        events.close()
        var signals = 0
        for await _ in watcher.signals { signals += 1 }
        #expect(signals == 0)
    }

    @Test("a page that does not read costs no more than a hundred ids, and still hears that there is news")
    func bounded() {
        let events = LiveEvents()
        let watcher = events.watch(projectID: 1)
        for round in 0..<20 {
            events.tell(SpansArrived(projectIDs: [1], traceIDs: (0..<60).map { "\(round)-\($0)" }))
        }
        #expect(events.takeNews(watcher.id)?.count == LiveEvents.traceIDsMax)
    }

    @Test("a message without ids is news all the same")
    func withoutIDs() {
        let events = LiveEvents()
        let watcher = events.watch(projectID: 1)
        events.tell(SpansArrived(projectIDs: [1], traceIDs: []))
        #expect(events.takeNews(watcher.id) == [])
    }

    @Test("who stops watching is told nothing more, and who begins after the end is not kept waiting")
    func ends() async {
        let events = LiveEvents()
        let watcher = events.watch(projectID: 1)
        events.stopWatching(watcher.id)
        events.tell(SpansArrived(projectIDs: [1], traceIDs: ["a"]))
        #expect(events.takeNews(watcher.id) == nil)
        for await _ in watcher.signals { Issue.record("told after it had stopped") }
        events.close()
        for await _ in events.watch(projectID: 1).signals { Issue.record("told after the end") }
    }

    /// Reads a stream as a browser does: tells when it is connected, ends it when the event has come.
    private final class Page: ResponseBodyWriter, Sendable {
        let events: LiveEvents
        let projectID: Int64
        let text = Mutex("")

        init(_ events: LiveEvents, projectID: Int64) {
            self.events = events
            self.projectID = projectID
        }

        func write(_ buffer: ByteBuffer) async throws {
            let piece = String(buffer: buffer)
            text.withLock { $0 += piece }
            if piece.contains(": connected") {
                events.tell(SpansArrived(projectIDs: [projectID + 1], traceIDs: ["another's"]))
                events.tell(SpansArrived(projectIDs: [projectID], traceIDs: ["a", "b"]))
            }
            if piece.contains("event: spans") { events.close() }
        }

        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    @Test("a page hears of its project's spans as server-sent events, and its stream ends with the server")
    func stream() async throws {
        let events = LiveEvents()
        try await withDatabase(.sqlite) { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            let repositories = Repositories(database: database)
            let project = try await repositories.projects.create(name: "p", description: nil)
            let router = Router()
            LiveRoute(events: events, repositories: repositories).add(to: router)
            let request = Request(
                head: HTTPRequest(
                    method: .get, scheme: nil, authority: nil, path: "/bennu/v1/projects/p/events"),
                body: RequestBody(buffer: ByteBuffer()))
            let context = BasicRequestContext(
                source: ApplicationRequestContextSource(
                    channel: EmbeddedChannel(), logger: Logger(label: "tests")))
            let response = try await router.buildResponder().respond(to: request, context: context)
            #expect(response.headers[.contentType] == "text/event-stream")
            let page = Page(events, projectID: project.id)
            try await response.body.write(page)
            let text = page.text.withLock { $0 }
            #expect(text.contains("event: spans\ndata: {\"traceIds\":[\"a\",\"b\"]}\n\n"))
            #expect(!text.contains("another's"))
        }
    }
}
