import Domain
import Testing

@testable import Messaging

/// Everything that opens sockets; one at a time, since the processor's two cores and the counts of open files are shared.
@Suite(.serialized)
enum BusTests {}

extension BusTests {
    @Suite
    struct ConversationTests {
        @Test("Instances find each other and what one publishes reaches the other", arguments: TestTransport.allCases)
        func publishes(transport: TestTransport) async throws {
            let fixture = try BusFixture()
            defer { fixture.removeFolder() }
            let (collector, api) = (
                fixture.makeBus(.collector, over: transport), fixture.makeBus(.api, over: transport)
            )
            var notes = api.subscribe(Note.self).makeAsyncIterator()
            try await fixture.running(collector, api) {
                await collector.publishUntilHeard(by: &notes)
                for number in 0..<500 { collector.publish(Note(number: number, text: "żółw \(number)")) }
                for number in 0..<500 {
                    #expect(await notes.nextNumbered() == Note(number: number, text: "żółw \(number)"))
                }
                #expect(collector.peers.map(\.id) == [api.instance])
                #expect(api.peers.map(\.kind) == [.collector])
                #expect(api.peers.first?.version == "1.2.3")
            }
            #expect(fixture.directory.rows.isEmpty, "whoever stops withdraws")
        }

        @Test("A request is answered by the instance that was asked", arguments: TestTransport.allCases)
        func asks(transport: TestTransport) async throws {
            let fixture = try BusFixture()
            defer { fixture.removeFolder() }
            let (api, auth) = (fixture.makeBus(.api, over: transport), fixture.makeBus(.auth, over: transport))
            auth.serve(Sum.self) { $0.numbers.reduce(0, +) }
            try await fixture.running(api, auth) {
                try await api.pingUntilAnswered(by: auth)
                let sentBefore = api.counters.requestsSent
                let pong = try await api.request(Ping(), of: .auth, timeout: .seconds(20))
                #expect(pong.kind == .auth)
                #expect(pong.version == "1.2.3")
                try await withThrowingTaskGroup { group in
                    for number in 0..<200 {
                        group.addTask {
                            let sum = try await api.request(
                                Sum(numbers: [number, 1]), of: .auth, timeout: .seconds(20))
                            return sum == number + 1
                        }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
                #expect(api.counters.requestsSent - sentBefore == 201, "each is sent once")
            }
        }

        @Test("A published message goes to every other instance and not to its own")
        func publishesToAll() async throws {
            let fixture = try BusFixture()
            defer { fixture.removeFolder() }
            let buses = [fixture.makeBus(.api), fixture.makeBus(.api), fixture.makeBus(.collector)]
            let own = buses[0].subscribe(Note.self)
            var first = buses[1].subscribe(Note.self).makeAsyncIterator()
            var second = buses[2].subscribe(Note.self).makeAsyncIterator()
            try await fixture.running(buses[0], buses[1], buses[2]) {
                await buses[0].publishUntilHeard(by: &first)
                await buses[0].publishUntilHeard(by: &second)
                buses[0].publish(Note(number: 7))
                #expect(await first.nextNumbered() == Note(number: 7))
                #expect(await second.nextNumbered() == Note(number: 7))
            }
            var ownCount = 0
            for await _ in own { ownCount += 1 }
            #expect(ownCount == 0)
        }

        @Test("Requests go round among the instances of a kind")
        func goesRound() async throws {
            let fixture = try BusFixture()
            defer { fixture.removeFolder() }
            let api = fixture.makeBus(.api)
            let (first, second) = (fixture.makeBus(.auth), fixture.makeBus(.auth))
            try await fixture.running(api, first, second) {
                try await eventually("both are known") { api.peers.count == 2 }
                var answered: Set<String> = []
                try await eventually("both answer") {
                    answered.insert(try await api.request(Ping(), of: .auth, timeout: .seconds(20)).instance)
                    return answered.count == 2
                }
                #expect(answered == [first.instance, second.instance])
            }
        }

        @Test("An instance that does not serve a request leaves it to another one")
        func passesOn() async throws {
            let fixture = try BusFixture()
            defer { fixture.removeFolder() }
            let api = fixture.makeBus(.api)
            let (old, new) = (fixture.makeBus(.auth), fixture.makeBus(.auth))
            new.serve(Sum.self) { $0.numbers.reduce(0, +) }
            try await fixture.running(api, old, new) {
                try await eventually("both are known") { api.peers.count == 2 }
                for _ in 0..<6 {
                    #expect(try await api.request(Sum(numbers: [3, 4]), of: .auth, timeout: .seconds(20)) == 7)
                }
                try await eventually("the old one was asked too") { old.counters.unknownTopic > 0 }
            }
        }

        @Test("A handler's error reaches the requester; its text only if it is meant to")
        func fails() async throws {
            struct Detail: Error, CustomStringConvertible { var description: String { "password=hunter2" } }
            let fixture = try BusFixture()
            defer { fixture.removeFolder() }
            let (api, auth) = (fixture.makeBus(.api), fixture.makeBus(.auth))
            auth.serve(Sum.self) { sum in
                guard sum.numbers.isEmpty else { throw Detail() }
                throw BusError.remote("nothing to add")
            }
            try await fixture.running(api, auth) {
                try await api.pingUntilAnswered(by: auth)
                await #expect(throws: BusError.remote("nothing to add")) {
                    try await api.request(Sum(numbers: []), of: .auth, timeout: .seconds(20))
                }
                await #expect(throws: BusError.remote("the handler failed (Detail)")) {
                    try await api.request(Sum(numbers: [1]), of: .auth, timeout: .seconds(20))
                }
            }
        }

        @Test("Handlers run side by side, and no more of them than the limit")
        func boundsHandlers() async throws {
            let fixture = try BusFixture()
            defer { fixture.removeFolder() }
            var limits = BusFixture.limits
            limits.handlersRunningMax = 3
            limits.requestsWaitingMax = 1_000
            let (api, auth) = (fixture.makeBus(.api), fixture.makeBus(.auth, limits: limits))
            let gauge = Gauge()
            auth.serve(Sum.self) { sum in
                await gauge.enter()
                try await Task.sleep(for: .milliseconds(2))
                await gauge.leave()
                return sum.numbers.count
            }
            try await fixture.running(api, auth) {
                try await api.pingUntilAnswered(by: auth)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<60 {
                        group.addTask { try await api.request(Sum(numbers: [1]), of: .auth, timeout: .seconds(20)) }
                    }
                    var answers = 0
                    for try await answer in group { answers += answer }
                    #expect(answers == 60)
                }
            }
            #expect(await gauge.highest == 3)
        }
    }
}

/// How many are inside at once.
actor Gauge {
    private var inside = 0
    private(set) var highest = 0

    func enter() {
        inside += 1
        highest = max(highest, inside)
    }

    func leave() {
        inside -= 1
    }
}
