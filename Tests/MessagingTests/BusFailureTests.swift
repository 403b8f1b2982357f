import Domain
import Foundation
import Testing

@testable import Messaging

/// The version of `Note` that a newer release might have.
private struct NewerNote: BusMessage {
    static let topic = Note.topic
    static let version = 2
    var headline = ""
}

private struct NewerSum: BusRequest {
    typealias Reply = Int
    static let topic = Sum.topic
    static let version = 2
}

/// Encodes to something else than `Note` expects.
private struct BrokenNote: BusMessage {
    static let topic = Note.topic
    static let version = 1
    var number = "not a number"
}

extension BusTests {
    @Suite
    struct FailureTests {
        private let fixture: BusFixture

        init() throws {
            fixture = try BusFixture()
        }

        @Test("A request to nobody fails as soon as the directory has said so", .timeLimit(.minutes(1)))
        func nobody() async throws {
            defer { fixture.removeFolder() }
            let api = fixture.makeBus(.api)
            try await fixture.running(api) {
                await #expect(throws: BusError.noPeer(.mailer)) {
                    try await api.request(Ping(), of: .mailer, timeout: .seconds(3_600))
                }
            }
        }

        @Test("A request to a kind that nobody is known of has the directory read at once")
        func readsOnDemand() async throws {
            defer { fixture.removeFolder() }
            var limits = BusFixture.limits
            limits.refreshIntervalMin = .seconds(3_600)
            limits.refreshIntervalMax = .seconds(3_600)
            let (api, auth) = (fixture.makeBus(.api, limits: limits), fixture.makeBus(.auth))
            try await fixture.running(api) {
                try await eventually("the first reading is over") { fixture.directory.readCount == 1 }
                try await fixture.running(auth) {
                    try await eventually("auth is announced") { fixture.directory.rows.count == 2 }
                    let pong = try await api.request(Ping(), of: .auth, timeout: .seconds(20))
                    #expect(pong.instance == auth.instance)
                }
            }
        }

        @Test("A peer that stops and comes back elsewhere is found again")
        func comesBack() async throws {
            defer { fixture.removeFolder() }
            let api = fixture.makeBus(.api)
            var notes = api.subscribe(Note.self).makeAsyncIterator()
            try await fixture.running(api) {
                for _ in 0..<3 {
                    let auth = fixture.makeBus(.auth)
                    try await fixture.running(auth) {
                        try await api.pingUntilAnswered(by: auth)
                        await auth.publishUntilHeard(by: &notes)
                    }
                    try await eventually("it is gone") { api.peers.isEmpty }
                }
            }
        }

        @Test("Requests avoid an instance that died and is still in the directory")
        func avoidsDead() async throws {
            defer { fixture.removeFolder() }
            let (api, dying, living) = (fixture.makeBus(.api), fixture.makeBus(.auth), fixture.makeBus(.auth))
            try await fixture.running(api, living) {
                try await fixture.running(dying) {
                    try await api.pingUntilAnswered(by: dying)
                    try await api.pingUntilAnswered(by: living)
                    fixture.directory.setKeepsWithdrawn(true)
                }
                #expect(fixture.directory.rows.contains { $0.id == dying.instance })
                // What was sent before the connection's end was noticed has no answer; that is over soon.
                var answeredInTurn = 0
                try await eventually("the living one answers every time") {
                    let pong = try? await api.request(Ping(), of: .auth, timeout: .milliseconds(500))
                    answeredInTurn = pong?.instance == living.instance ? answeredInTurn + 1 : 0
                    return answeredInTurn == 20
                }
            }
        }

        @Test("Whoever notices a dead instance removes its sockets' files and its row")
        func removesDead() async throws {
            defer { fixture.removeFolder() }
            var limits = BusFixture.limits
            limits.silenceMax = .milliseconds(300)
            let api = fixture.makeBus(.api, limits: limits)
            let folder = try SocketFolder(path: "\(fixture.folder)/run", instance: "dead")
            let dead = ServiceInstance(
                id: "dead", kind: .auth, version: "1", endpointPublish: folder.endpointPublish(of: "dead"),
                endpointRequest: folder.endpointRequest(of: "dead"), startedAt: 0, heartbeatAt: 0)
            fixture.directory.insert(dead)
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let path = "\(folder.path)/dead.req"
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            _ = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            close(descriptor)
            try #require(FileManager.default.fileExists(atPath: path))
            try await fixture.running(api) {
                try await eventually("its row is gone") { !fixture.directory.rows.contains { $0.id == "dead" } }
                #expect(!FileManager.default.fileExists(atPath: path))
            }
        }

        @Test("What is connected goes on while the directory is away")
        func directoryAway() async throws {
            defer { fixture.removeFolder() }
            let (collector, api) = (fixture.makeBus(.collector), fixture.makeBus(.api))
            var notes = api.subscribe(Note.self).makeAsyncIterator()
            try await fixture.running(collector, api) {
                await collector.publishUntilHeard(by: &notes)
                try await api.pingUntilAnswered(by: collector)
                fixture.directory.setAvailable(false)
                try await Task.sleep(for: .milliseconds(100))
                collector.publish(Note(number: 1))
                #expect(await notes.nextNumbered() == Note(number: 1))
                #expect(
                    try await api.request(Ping(), of: .collector, timeout: .seconds(20)).instance
                        == collector.instance)
                await #expect(throws: BusError.noPeer(.auth)) {
                    try await api.request(Ping(), of: .auth, timeout: .seconds(20))
                }
                fixture.directory.setAvailable(true)
            }
        }

        @Test("A subscriber that does not read loses the oldest messages and delays nobody")
        func slowSubscriber() async throws {
            defer { fixture.removeFolder() }
            var limits = BusFixture.limits
            limits.subscriptionMessagesMax = 16
            let (collector, api) = (fixture.makeBus(.collector), fixture.makeBus(.api, limits: limits))
            let unread = api.subscribe(Note.self)
            var marks = api.subscribe(Note.self).makeAsyncIterator()
            try await fixture.running(collector, api) {
                await collector.publishUntilHeard(by: &marks)
                for number in 0..<3_000 {
                    collector.publish(Note(number: number))
                    // The socket is not to be the one that drops.
                    if number % 500 == 499 {
                        try await eventually("they arrive") { api.counters.received > number }
                    }
                }
                while await marks.nextNumbered()?.number != 2_999 {}
                #expect(api.counters.receivedDropped > 2_000)
            }
            var numbers: [Int] = []
            for await note in unread { numbers.append(note.number) }
            #expect(numbers == Array(2_984..<3_000))
        }

        @Test("Messages and requests of another version are counted and not misread")
        func versionSkew() async throws {
            defer { fixture.removeFolder() }
            let (collector, api) = (fixture.makeBus(.collector), fixture.makeBus(.api))
            api.serve(Sum.self) { $0.numbers.reduce(0, +) }
            var notes = api.subscribe(Note.self).makeAsyncIterator()
            try await fixture.running(collector, api) {
                await collector.publishUntilHeard(by: &notes)
                collector.publish(NewerNote(headline: "new"))
                collector.publish(BrokenNote())
                collector.publish(Note(number: 3))
                #expect(await notes.nextNumbered() == Note(number: 3))
                try await eventually("it is counted") { api.counters.unknownVersion == 1 }
                #expect(api.counters.malformed == 1)
                await #expect(throws: BusError.remote("sum of version 2 is not served here")) {
                    try await collector.request(NewerSum(), of: .api, timeout: .seconds(20))
                }
                try await eventually("it is counted") { api.counters.unknownVersion == 2 }
            }
        }

        @Test("A request without an answer ends at its deadline")
        func timesOut() async throws {
            defer { fixture.removeFolder() }
            let (api, auth) = (fixture.makeBus(.api), fixture.makeBus(.auth))
            auth.serve(Sum.self) { _ in
                try await Task.sleep(for: .seconds(3_600))
                return 0
            }
            try await fixture.running(api, auth) {
                try await api.pingUntilAnswered(by: auth)
                await #expect(throws: BusError.timedOut) {
                    try await api.request(Sum(numbers: []), of: .auth, timeout: .milliseconds(50))
                }
            }
        }

        @Test("A cancelled request ends at once, and the bus with its requests when it stops")
        func cancels() async throws {
            defer { fixture.removeFolder() }
            let (api, auth) = (fixture.makeBus(.api), fixture.makeBus(.auth))
            let gauge = Gauge()
            auth.serve(Sum.self) { _ in
                await gauge.enter()
                try await Task.sleep(for: .seconds(3_600))
                return 0
            }
            let left = try await fixture.running(api, auth) {
                try await api.pingUntilAnswered(by: auth)
                let cancelled = Task {
                    try await api.request(Sum(numbers: []), of: .auth, timeout: .seconds(3_600))
                }
                try await eventually("it is being handled") { await gauge.highest == 1 }
                cancelled.cancel()
                await #expect(throws: CancellationError.self) { try await cancelled.value }
                let left = Task { try await api.request(Sum(numbers: []), of: .auth, timeout: .seconds(3_600)) }
                try await eventually("it is being handled") { await gauge.highest == 2 }
                return left
            }
            let result = await left.result
            #expect(throws: (any Error).self) { try result.get() }
            await #expect(throws: BusError.closed) {
                try await api.request(Ping(), of: .auth, timeout: .seconds(20))
            }
        }

        @Test("Cancelling the task that runs a bus stops it like stop does")
        func obeysCancellation() async throws {
            defer { fixture.removeFolder() }
            let api = fixture.makeBus(.api)
            let notes = api.subscribe(Note.self)
            let running = Task { try await api.run() }
            try await eventually("it is announced") { fixture.directory.rows.count == 1 }
            running.cancel()
            try await running.value
            #expect(fixture.directory.rows.isEmpty)
            for await _ in notes { Issue.record("nobody published") }
            for await _ in api.subscribe(Note.self) { Issue.record("a stopped bus hears nothing") }
        }

        @Test("A bus that is stopped before it runs lets nobody wait")
        func stopsBeforeRunning() async throws {
            defer { fixture.removeFolder() }
            let api = fixture.makeBus(.api)
            let notes = api.subscribe(Note.self)
            api.stop()
            try await api.run()
            for await _ in notes { Issue.record("nobody published") }
            await #expect(throws: BusError.closed) { try await api.request(Ping(), of: .auth, timeout: .seconds(20)) }
        }

        @Test("A message that is too large is refused where it comes from")
        func tooLarge() async throws {
            defer { fixture.removeFolder() }
            var limits = BusFixture.limits
            limits.messageBytesMax = 1_000
            let (api, auth) = (fixture.makeBus(.api, limits: limits), fixture.makeBus(.auth))
            try await fixture.running(api, auth) {
                try await api.pingUntilAnswered(by: auth)
                let large = Sum(numbers: Array(repeating: 1_000, count: 1_000))
                let error = await #expect(throws: BusError.self) {
                    try await api.request(large, of: .auth, timeout: .seconds(20))
                }
                guard case .tooLarge(let bytes) = error else {
                    return #expect(Bool(false), "\(String(describing: error))")
                }
                #expect(bytes > 5_000)
                api.publish(Note(number: 1, text: String(repeating: "x", count: 1_001)))
                try await eventually("it is counted") { api.counters.publishedDropped == 1 }
            }
        }

        @Test("A transport that cannot listen fails the run in words")
        func cannotListen() async throws {
            defer { fixture.removeFolder() }
            let bus = MessageBus(
                kind: .api, instance: "i", transport: .ipc(directory: "/proc/nowhere"), directory: fixture.directory,
                logger: .init(label: "test"))
            let error = await #expect(throws: BusError.self) { try await bus.run() }
            guard case .transport(let text) = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(text.contains("/proc/nowhere"))
            await #expect(throws: BusError.closed) { try await bus.request(Ping(), of: .api, timeout: .seconds(20)) }
        }
    }
}
