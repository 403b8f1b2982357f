/// A subscription's answers as server-sent events, after the distinct connections mode of GraphQL over SSE: every
/// answer is an event `next`, and `complete` ends the stream. The media type is `text/event-stream`.
public enum EventStream {
    public static let contentType = "text/event-stream"
    /// Ends the stream.
    public static let complete = Array("event: complete\ndata:\n\n".utf8)
    /// A comment, which keeps proxies from closing a connection without traffic.
    public static let keepAlive = Array(":\n\n".utf8)

    /// The event that carries an answer. JSON from `GraphQLResponse` has no line ends outside its escapes; those of a
    /// scalar's own JSON begin new lines of data, which stay JSON.
    public static func next(_ response: GraphQLResponse) -> [UInt8] {
        var bytes = Array("event: next\ndata: ".utf8)
        for byte in response.jsonBytes {
            if byte == UInt8(ascii: "\r") { continue }
            bytes.append(byte)
            if byte == UInt8(ascii: "\n") { bytes.append(contentsOf: "data: ".utf8) }
        }
        bytes.append(contentsOf: "\n\n".utf8)
        return bytes
    }
}

/// A subscription's answers as parts of one body, as GraphQL over HTTP has it for incremental delivery and clients
/// expect it of subscriptions: every part is a JSON object with the answer in `payload`.
public enum MultipartStream {
    public static let contentType = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0"
    /// An empty object, which clients skip: keeps a connection without traffic open.
    public static let keepAlive = part(Array("{}".utf8))
    /// Ends the body.
    public static let complete = Array("\r\n--graphql--\r\n".utf8)

    /// The part that carries an answer.
    public static func next(_ response: GraphQLResponse) -> [UInt8] {
        part(Array("{\"payload\":".utf8) + response.jsonBytes + [UInt8(ascii: "}")])
    }

    private static func part(_ json: [UInt8]) -> [UInt8] {
        Array("\r\n--graphql\r\nContent-Type: application/json; charset=utf-8\r\n\r\n".utf8) + json
    }
}
