/// A value that services publish to each other. A message that is lost costs freshness, never correctness: what it tells
/// must be in the database already.
public protocol BusMessage: Codable, Sendable {
    /// What subscribers ask for; unique among all messages, at most 255 bytes of UTF-8.
    static var topic: String { get }
    /// Counts up whenever an older reader would misunderstand the message; readers take their own version only.
    static var version: Int { get }
}

/// A value that one service asks of another and that has one answer.
public protocol BusRequest: BusMessage {
    associatedtype Reply: Codable & Sendable
}
