/// What a bus has done since it was made; all only grow.
public struct BusCounters: Sendable, Equatable {
    /// Messages handed to the PUB socket.
    public var published = 0
    /// Messages that made room for newer ones before they were sent, or were too large to send.
    public var publishedDropped = 0
    /// Published messages of other services that arrived.
    public var received = 0
    /// Arrived messages that made room for newer ones in the buffer of a slow subscriber.
    public var receivedDropped = 0
    public var requestsSent = 0
    /// Requests of other services that arrived.
    public var requestsReceived = 0
    /// Requests of other services that were turned away unread, since too many wait or the bus stops.
    public var requestsRefused = 0
    /// Frames that are no message of ours, and bodies that do not decode.
    public var malformed = 0
    /// Messages and requests whose topic nobody here reads.
    public var unknownTopic = 0
    /// Messages and requests of a version that nobody here reads.
    public var unknownVersion = 0
    /// Connections that did not prove that they belong to this deployment.
    public var connectionsRefused = 0

    public init() {}

    static func += (left: inout BusCounters, right: BusCounters) {
        left.published += right.published
        left.publishedDropped += right.publishedDropped
        left.received += right.received
        left.receivedDropped += right.receivedDropped
        left.requestsSent += right.requestsSent
        left.requestsReceived += right.requestsReceived
        left.requestsRefused += right.requestsRefused
        left.malformed += right.malformed
        left.unknownTopic += right.unknownTopic
        left.unknownVersion += right.unknownVersion
        left.connectionsRefused += right.connectionsRefused
    }
}
