import Domain

/// What the messaging thread is asked to do.
enum BusCommand: Sendable {
    case subscribe(Subscriber)
    case unsubscribe(id: UInt64)
    case request(PendingRequest)
    case cancelRequest(correlation: UInt64)
    /// The answer to a request of another service.
    case answer(RequestOrigin, Envelope)
    case connect(ServiceInstance)
    case disconnect(id: String)
    /// The directory was read, or could not be; every demand up to this number is answered by that.
    case directoryRead(answering: UInt64)
    case stop
}

/// One subscription: where the bodies of its messages go.
struct Subscriber: Sendable {
    let id: UInt64
    let topic: String
    let messageVersion: Int
    let channel: BatchChannel<[UInt8]>
}

/// Where an answer goes: the routing id that our ROUTER socket gave the requester's connection.
struct RequestOrigin: Sendable {
    let routingID: [UInt8]
}

/// A request of another service, on its way to a handler.
struct IncomingRequest: Sendable {
    let origin: RequestOrigin
    let envelope: Envelope
    /// When the requester stops waiting.
    let deadline: ContinuousClock.Instant
}
