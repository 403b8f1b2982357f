import AsyncHTTPClient
import Domain
import Foundation
import NIOCore

/// A Bennu as its clients see it.
struct CanaryClient: Sendable {
    private static let answerBytesMax = 4 << 20
    private static let timeout = TimeAmount.seconds(10)

    /// Without a slash at the end.
    let url: String
    /// Where `POST /v1/traces` goes; without a slash at the end.
    let collectorURL: String
    let project: String
    let token: Secret?
    let http: HTTPClient

    enum Failure: Error, CustomStringConvertible {
        case status(UInt, path: String)
        /// What GraphQL says in an answer of status 200.
        case refused(String)
        case missing

        var description: String {
            switch self {
            case .status(let status, let path): "\(path) answered \(status)"
            case .refused(let message): "/graphql answered: \(message)"
            case .missing: "it is missing"
            }
        }
    }

    /// Returns when the trace was acknowledged.
    func write(_ trace: CanaryTrace) async throws {
        var request = HTTPClientRequest(url: "\(collectorURL)/v1/traces")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(try trace.request(project: project))
        let response = try await send(request, path: "/v1/traces")
        _ = try await response.body.collect(upTo: Self.answerBytesMax)
    }

    func spans(of trace: CanaryTrace) async throws -> CanaryAnswers.Spans {
        try await get("/v1/projects/\(escaped(project))/spans?limit=100&trace_id=\(trace.traceID)")
    }

    func traces(of trace: CanaryTrace) async throws -> CanaryAnswers.Traces {
        try await get("/v1/projects/\(escaped(project))/traces?session_identifier=\(trace.sessionID)")
    }

    func sums(of trace: CanaryTrace) async throws -> CanaryAnswers.Sums.Trace {
        var request = HTTPClientRequest(url: "\(url)/graphql")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        let question = Question(query: CanaryAnswers.Sums.document, variables: ["trace": "\(trace.traceID)"])
        request.body = .bytes(try JSONEncoder().encode(question))
        let answer: CanaryAnswers.Sums = try await answer(to: request, path: "/graphql")
        if let refusal = answer.errors?.first { throw Failure.refused(refusal.message) }
        guard let found = answer.data?.getTraceByOtelId else { throw Failure.missing }
        return found
    }

    private struct Question: Encodable {
        var query: String
        var variables: [String: String]
    }

    private func get<Answer: Decodable>(_ path: String) async throws -> Answer {
        try await answer(to: HTTPClientRequest(url: url + path), path: path)
    }

    private func answer<Answer: Decodable>(to request: HTTPClientRequest, path: String) async throws -> Answer {
        let response = try await send(request, path: path)
        let body = try await response.body.collect(upTo: Self.answerBytesMax)
        return try JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
    }

    private func send(_ request: HTTPClientRequest, path: String) async throws -> HTTPClientResponse {
        var request = request
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token.revealed)") }
        let response = try await http.execute(request, timeout: Self.timeout)
        guard response.status.code == 200 else { throw Failure.status(response.status.code, path: path) }
        return response
    }

    private func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}
