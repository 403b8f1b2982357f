import HTTP
import HTTPTypes
import Hummingbird
import NIOCore

/// `/bennu/v1/projects/{project}/events`, and `/bennu/v1/events` for all: server-sent events (WHATWG HTML, section 9.2)
/// that say when spans arrived.
struct LiveRoute: Sendable {
    private static let pauseMin: Duration = .milliseconds(250)
    private static let pingInterval: Duration = .seconds(15)

    let events: LiveEvents
    let repositories: Repositories

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/bennu/v1/events") { _, _ in response(projectID: nil) }
        router.get("/bennu/v1/projects/:project/events") { _, context in
            response(projectID: try await repositories.project(context.parameters.decoded("project")).id)
        }
    }

    /// Nil means every project.
    private func response(projectID: Int64?) -> Response {
        var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        // nginx would otherwise keep events until a buffer is full.
        if let name = HTTPField.Name("x-accel-buffering") { headers[name] = "no" }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                try await stream(projectID: projectID, to: &writer)
                try await writer.finish(nil)
            })
    }

    private func stream(projectID: Int64?, to writer: inout any ResponseBodyWriter) async throws {
        let watcher = events.watch(projectID: projectID)
        defer { events.stopWatching(watcher.id) }
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n: connected\n\n"))
        // Pings come through the same signals, so that one place writes.
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (ticks, tick) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
            group.addTask {
                for await _ in watcher.signals { tick.yield(true) }
                tick.finish()
            }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.pingInterval)
                    tick.yield(false)
                }
            }
            defer { group.cancelAll() }
            for await _ in ticks {
                guard let traceIDs = events.takeNews(watcher.id) else {
                    try await writer.write(ByteBuffer(string: ": ping\n\n"))
                    continue
                }
                var json = JSONWriter()
                json.object { $0.field("traceIds", array: traceIDs) { $0.value($1) } }
                let data = String(decoding: json.bytes, as: UTF8.self)
                try await writer.write(ByteBuffer(string: "event: spans\ndata: \(data)\n\n"))
                try await Task.sleep(for: Self.pauseMin)
            }
        }
    }
}
