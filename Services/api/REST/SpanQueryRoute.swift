import HTTP
import Hummingbird
import Storage

/// `POST /v1/spans`: tables made from spans, for `get_spans_dataframe` of `arize-phoenix-client`.
///
/// The answer is `multipart/mixed`, a part of JSON for each query of the request.
struct SpanQueryRoute: Sendable {
    private static let limitMax = 100_000
    private static let pageSize = 500

    let repositories: Repositories

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.post("/v1/spans") { request, _ in try await query(request) }
    }

    private func query(_ request: Request) async throws -> Response {
        let body = try await request.json(reading: SpanQueryRequest.init(json:))
        let parameters = QueryParameters(request.uri)
        let name = parameters.text("project_name") ?? parameters.text("project-name") ?? body.projectName
        let limit = body.limit ?? 1000
        guard (1...Self.limitMax).contains(limit) else {
            throw ValidationError([.key("body"), .key("limit")], "must be a whole number from 1 to \(Self.limitMax)")
        }
        let times = try body.times()
        var tables = try body.queries.enumerated().map { number, query in
            try SpanQueryTable(query, at: [.key("body"), .key("queries"), .index(number)])
        }
        if let project = try await repositories.projects.project(name: name ?? "default") {
            var selection = SpanSelection(projectID: project.id, limit: limit)
            (selection.startTime, selection.endTime) = times
            if body.rootSpansOnly == true {
                selection.roots = body.orphanSpanAsRootSpan == false ? .withoutParent : .withoutReceivedParent
            }
            for number in tables.indices { try await fill(&tables[number], selection) }
        }
        return Self.answer(tables.map { $0.frame() })
    }

    /// The newest spans, a page at a time, so that only what the table keeps of them is held.
    private func fill(_ table: inout SpanQueryTable, _ selection: SpanSelection) async throws {
        var selection = selection
        selection.filter = table.filter
        var left = selection.limit
        while left > 0 {
            selection.limit = min(left, Self.pageSize)
            let page = try await repositories.spans.spans(selection)
            let tokens =
                table.needsCumulativeTokens
                ? try await repositories.spans.cumulativeTokens(of: page.map(\.skeleton.id)) : [:]
            for record in page {
                var span = SpanQuerySpan(record)
                span.cumulativeTokens = tokens[record.skeleton.id]
                table.add(span)
            }
            guard page.count == selection.limit, let last = page.last else { return }
            left -= page.count
            selection.after = last.skeleton.id
        }
    }

    private static func answer(_ frames: [SpanQueryFrame]) -> Response {
        // Of 128 random bits, so that no text within has it.
        let boundary =
            String(UInt64.random(in: 0...UInt64.max), radix: 16) + String(UInt64.random(in: 0...UInt64.max), radix: 16)
        var bytes: [UInt8] = []
        for frame in frames {
            var json = JSONWriter()
            frame.write(to: &json)
            bytes +=
                Array("--\(boundary)\r\nContent-Type: application/json\r\n\r\n".utf8) + json.bytes + Array("\r\n".utf8)
        }
        bytes += Array("--\(boundary)--\r\n".utf8)
        return Response(
            status: .ok,
            headers: [.contentType: "multipart/mixed; boundary=\(boundary)", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
