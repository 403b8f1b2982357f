import Domain
import Messaging
import Synchronization

/// The bus of one process against that of another.
struct BusMeasurement {
    let bus: MessageBus
    let transport: String

    func run() async throws {
        try await findPeer()
        report("\(transport), request to reply: \(try await requestDelays().text)")
        report("\(transport), 64 requests at a time: \(try await requestRate())")
        report("\(transport), publish to subscriber: \(try await publishDelays().text)")
        report("\(transport), messages published and read: \(await publishRate())")
    }

    private func findPeer() async throws {
        while true {
            bus.publish(Sample(number: -1, sentAt: 0, padding: ""))
            if try await !takeDelays().isEmpty { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func takeDelays() async throws -> [UInt64] {
        do {
            return try await bus.request(TakeDelays(), of: .api, timeout: .seconds(10))
        } catch BusError.noPeer {
            return []
        }
    }

    private func requestDelays() async throws -> Delays {
        var delays: [UInt64] = []
        for _ in 0..<10_000 {
            let start = nanoseconds()
            _ = try await bus.request(Echo(padding: Setup.padding), of: .api, timeout: .seconds(10))
            delays.append(nanoseconds() - start)
        }
        return Delays(delays)
    }

    private func requestRate() async throws -> String {
        let start = nanoseconds()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    for _ in 0..<1_000 {
                        _ = try await bus.request(Echo(padding: Setup.padding), of: .api, timeout: .seconds(10))
                    }
                }
            }
            try await group.waitForAll()
        }
        return perSecond(64_000, since: start)
    }

    /// About a thousand a second, so that none waits for another.
    private func publishDelays() async throws -> Delays {
        _ = try await takeDelays()
        for number in 0..<5_000 {
            bus.publish(Sample(number: number, sentAt: nanoseconds(), padding: Setup.padding))
            try await Task.sleep(for: .microseconds(800))
        }
        try await Task.sleep(for: .milliseconds(200))
        return Delays(try await takeDelays())
    }

    /// Never more than eight hundred under way: a subscriber's buffer holds a thousand, and none is to be lost.
    private func publishRate() async -> String {
        var progress = bus.subscribe(Progress.self).makeAsyncIterator()
        // The subscription has to reach the other side.
        try? await Task.sleep(for: .milliseconds(300))
        let count = 400_000
        let start = nanoseconds()
        var received = 0
        for number in 0..<count {
            bus.publish(Sample(number: number, sentAt: 0, padding: Setup.padding))
            while number - received > 800 { received = await progress.next()?.received ?? count }
        }
        while received < count { received = await progress.next()?.received ?? count }
        return perSecond(count, since: start)
    }
}

/// The other process.
struct BusPeer {
    let bus: MessageBus

    func run() async throws {
        let delays = DelayList()
        bus.serve(Echo.self) { $0 }
        bus.serve(TakeDelays.self) { _ in delays.take() }
        let samples = bus.subscribe(Sample.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bus.run() }
            group.addTask {
                var received = 0
                for await sample in samples {
                    if sample.sentAt > 0 || sample.number < 0 { delays.append(nanoseconds() - sample.sentAt) }
                    guard sample.number >= 0, sample.sentAt == 0 else { continue }
                    received += 1
                    if received.isMultiple(of: 100) { bus.publish(Progress(received: received)) }
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }
}

private final class DelayList: Sendable {
    private let delays = Mutex<[UInt64]>([])

    func append(_ delay: UInt64) {
        delays.withLock { $0.append(delay) }
    }

    func take() -> [UInt64] {
        delays.withLock { delays in
            defer { delays = [] }
            return delays
        }
    }
}
