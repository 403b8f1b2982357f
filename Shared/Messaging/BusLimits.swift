/// How much a bus holds and how long it waits.
struct BusLimits: Sendable {
    /// Messages that wait to be published; beyond, the oldest are dropped.
    var outboundMessagesMax = 16_384
    var outboundBytesMax = 32 << 20
    /// Messages that wait for one subscriber; beyond, the oldest are dropped.
    var subscriptionMessagesMax = 1_024
    /// One encoded message; a peer that sends more is disconnected.
    var messageBytesMax = 256 << 10
    /// ZeroMQ's high-water mark: messages that wait in a socket for one peer.
    var socketMessagesMax = 4_096
    /// Requests of this process that wait for their answers.
    var requestsPendingMax = 10_000
    /// Requests of others that are handled at a time, and those that wait for their turn.
    var handlersRunningMax = 64
    var requestsWaitingMax = 1_024

    /// The directory is read after the first of these, after twice as long, …, then at the steady interval.
    var refreshIntervalMin = Duration.milliseconds(50)
    var refreshIntervalMax = Duration.seconds(2)
    /// Between two readings of the directory that requests without a peer ask for.
    var refreshOnDemandIntervalMin = Duration.milliseconds(100)
    var heartbeatInterval = Duration.seconds(5)
    /// An instance whose heartbeat did not change for so long is taken for dead.
    var silenceMax = Duration.seconds(30)
    /// A silent instance that cannot be proved dead keeps its row for so long.
    var withdrawalDelay = Duration.seconds(300)

    /// How long stopping waits for running handlers and for the directory.
    var drainMax = Duration.milliseconds(400)
    /// How long stopping waits for what is still in the sockets.
    var lingerMax = Duration.milliseconds(200)
}
