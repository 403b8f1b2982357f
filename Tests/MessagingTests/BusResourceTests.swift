import Foundation
import Testing

@testable import Messaging

extension BusTests {
    @Suite
    struct ResourceTests {
        private func count(_ folder: String) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: folder).count
        }

        private func converse(over transport: TestTransport) async throws {
            let fixture = try BusFixture()
            defer { fixture.removeFolder() }
            let (api, auth) = (fixture.makeBus(.api, over: transport), fixture.makeBus(.auth, over: transport))
            var notes = api.subscribe(Note.self).makeAsyncIterator()
            try await fixture.running(api, auth) {
                await auth.publishUntilHeard(by: &notes)
                _ = try await api.request(Ping(), of: .auth, timeout: .seconds(20))
            }
            if transport == .ipc { #expect(try count("\(fixture.folder)/run") == 0, "no socket file is left") }
        }

        @Test("Buses that have stopped leave no open file and no thread behind", arguments: TestTransport.allCases)
        func givesBack(transport: TestTransport) async throws {
            // Swift's own threads and the log's files come with the first use.
            for _ in 0..<3 { try await converse(over: transport) }
            let (files, threads) = (try count("/proc/self/fd"), try count("/proc/self/task"))
            for _ in 0..<10 { try await converse(over: transport) }
            try await eventually("files and threads are given back") {
                try count("/proc/self/fd") <= files + 2 && count("/proc/self/task") <= threads + 2
            }
        }

        @Test("A subscription ends with its reader")
        func dropsSubscription() async throws {
            let fixture = try BusFixture()
            defer { fixture.removeFolder() }
            let (api, collector) = (fixture.makeBus(.api), fixture.makeBus(.collector))
            try await fixture.running(api, collector) {
                do {
                    var notes = api.subscribe(Note.self).makeAsyncIterator()
                    await collector.publishUntilHeard(by: &notes)
                }
                try await eventually("nothing arrives any more") {
                    let before = api.counters.received
                    for number in 0..<10 { collector.publish(Note(number: number)) }
                    _ = try await api.request(Ping(), of: .collector, timeout: .seconds(20))
                    try await Task.sleep(for: .milliseconds(20))
                    return api.counters.received == before
                }
            }
        }
    }
}
