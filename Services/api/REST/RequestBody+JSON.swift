import Foundation
import HTTP
import Hummingbird
import NIOCore

extension Request {
    /// The body as JSON. Throws 422 for what is not of the form that `type` has, 413 where it is too large.
    func json<Value: Decodable>(_ type: Value.Type, bytesMax: Int = 1 << 20) async throws -> Value {
        try await json(bytesMax: bytesMax) { try JSONDecoder().decode(type, from: Data($0)) }
    }

    /// As `json` of a type, with what reads the body.
    func json<Value>(bytesMax: Int = 1 << 20, reading: ([UInt8]) throws -> Value) async throws -> Value {
        let bytes = try await jsonBytes(max: bytesMax)
        do {
            return try reading(bytes)
        } catch let error as DecodingError {
            throw APIError.invalid(error.sentence)
        }
    }

    /// The whole body, which must be declared to be JSON: a form on another site can send any text, but not that. Throws 422
    /// where it is not, 413 where it is too large.
    func jsonBytes(max: Int) async throws -> [UInt8] {
        let bytes = try await bytes(max: max)
        guard isJSON else {
            throw ValidationError([.key("body")], "should be JSON, with the content type application/json")
        }
        return bytes
    }

    /// `application/json`, or a kind of it as `application/problem+json` (RFC 6839, section 3.1).
    private var isJSON: Bool {
        let type = headers[.contentType]?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() ?? ""
        return type == "application/json" || type.hasPrefix("application/") && type.hasSuffix("+json")
    }

    /// The whole body. Throws 413 where it is too large.
    func bytes(max: Int) async throws -> [UInt8] {
        guard let body = try await collectedBody(upTo: max) else {
            throw APIError(.contentTooLarge, "the body is larger than \(max) bytes")
        }
        return Array(buffer: body)
    }
}

extension DecodingError {
    /// What is wrong and where, for the client that sent it.
    fileprivate var sentence: String {
        switch self {
        case .keyNotFound(let key, _): "\(key.stringValue) is required"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(Self.path(context)) has the wrong type"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "the body is not JSON" : "\(Self.path(context)) is not valid"
        @unknown default: "the body is not valid"
        }
    }

    private static func path(_ context: Context) -> String {
        context.codingPath.isEmpty ? "the body" : context.codingPath.map(\.stringValue).joined(separator: ".")
    }
}
