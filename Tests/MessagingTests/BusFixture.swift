import Domain
import Foundation
import Identity
import Logging
import Testing

@testable import Messaging

/// A small message of the tests.
struct Note: BusMessage, Equatable {
    static let topic = "note"
    static let version = 1
    var number: Int
    var text = ""
}

struct Sum: BusRequest {
    typealias Reply = Int
    static let topic = "sum"
    static let version = 1
    var numbers: [Int]
}

enum TestTransport: String, CaseIterable, Sendable {
    case ipc
    case tcp
}

/// Buses that find each other through one directory, in a folder of their own.
struct BusFixture: Sendable {
    static let secret = Secret("a-deployment-secret-of-32-chars-1")

    let directory = MemoryDirectory()
    let folder: String

    init() throws {
        folder = "/tmp/bennu-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }

    func removeFolder() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Quick to find others, slow to give them up.
    static var limits: BusLimits {
        var limits = BusLimits()
        limits.refreshIntervalMin = .milliseconds(5)
        limits.refreshIntervalMax = .milliseconds(20)
        limits.refreshOnDemandIntervalMin = .milliseconds(1)
        limits.heartbeatInterval = .milliseconds(50)
        return limits
    }

    func transport(_ transport: TestTransport, secret: Secret = Self.secret) -> BusTransport {
        switch transport {
        case .ipc: .ipc(directory: "\(folder)/run")
        case .tcp: .tcp(host: "127.0.0.1", advertised: "127.0.0.1", keys: .derived(from: secret))
        }
    }

    func makeBus(
        _ kind: ServiceKind, over transport: TestTransport = .ipc, limits: BusLimits = Self.limits,
        secret: Secret = Self.secret
    ) -> MessageBus {
        MessageBus(
            kind: kind, instance: UUID().uuidString, version: "1.2.3",
            transport: self.transport(transport, secret: secret), directory: directory, limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs the buses while `body` works, and stops them before it returns.
    @discardableResult
    func running<T>(_ buses: MessageBus..., body: () async throws -> T) async throws -> T {
        let tasks = buses.map { bus in Task { try await bus.run() } }
        do {
            let result = try await body()
            for bus in buses { bus.stop() }
            for task in tasks { try await task.value }
            return result
        } catch {
            for bus in buses { bus.stop() }
            for task in tasks { _ = await task.result }
            throw error
        }
    }
}

/// Waits until something becomes true; records an issue if it never does.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<4_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record(what, sourceLocation: sourceLocation)
    throw CancellationError()
}

extension MessageBus {
    /// Pings the kind of another bus until that bus is the one that answers.
    func pingUntilAnswered(by other: MessageBus, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await eventually("\(other.kind) answers", sourceLocation: sourceLocation) {
            do {
                return try await request(Ping(), of: other.kind, timeout: .seconds(20)).instance == other.instance
            } catch BusError.noPeer {
                return false
            }
        }
    }

    /// Publishes notes with negative numbers until the other side hears one: only then do its sockets listen.
    func publishUntilHeard(by iterator: inout AsyncStream<Note>.Iterator) async {
        let publishing = Task {
            while !Task.isCancelled {
                publish(Note(number: -1))
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
        _ = await iterator.next()
        publishing.cancel()
        await publishing.value
    }
}

extension AsyncStream<Note>.Iterator {
    /// The next note that is not one of `publishUntilHeard`.
    mutating func nextNumbered() async -> Note? {
        while let note = await next() {
            if note.number >= 0 { return note }
        }
        return nil
    }
}
