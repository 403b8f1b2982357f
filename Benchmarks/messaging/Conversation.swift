import Domain
import Foundation
import Identity
import Logging
import Messaging

/// What the two processes say to each other.
struct Sample: BusMessage {
    static let topic = "benchmark-sample"
    static let version = 1
    /// Negative while the processes look for each other.
    var number: Int
    /// Nanoseconds of the clock that all processes of a host share.
    var sentAt: UInt64
    var padding: String
}

/// How many samples have arrived, told every hundred.
struct Progress: BusMessage {
    static let topic = "benchmark-progress"
    static let version = 1
    var received: Int
}

struct Echo: BusRequest {
    typealias Reply = Echo
    static let topic = "benchmark-echo"
    static let version = 1
    var padding: String
}

/// The delays of the samples since it was last asked.
struct TakeDelays: BusRequest {
    typealias Reply = [UInt64]
    static let topic = "benchmark-delays"
    static let version = 1
}

enum Setup {
    /// Makes a message of about 200 bytes.
    static let padding = String(repeating: "x", count: 140)
    static let secret = Secret("a-secret-for-benchmarks-only-0123")

    static func bus(_ kind: ServiceKind, transport: String, folder: String) -> MessageBus {
        let transport: BusTransport =
            transport == "ipc"
            ? .ipc(directory: "\(folder)/run")
            : .tcp(host: "127.0.0.1", advertised: "127.0.0.1", keys: .derived(from: secret))
        return MessageBus(
            kind: kind, instance: UUID().uuidString, transport: transport, directory: FileDirectory(path: folder),
            logger: Logger(label: "benchmark"))
    }
}
