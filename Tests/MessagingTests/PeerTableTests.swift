import Domain
import Testing

@testable import Messaging

@Suite
final class PeerTableTests {
    private let start = ContinuousClock.now
    private let wallClock: Int64 = 1_000_000 * 1_000_000_000
    private var table = PeerTable(ownID: "own", silenceMax: .seconds(30))

    private func instance(_ id: String, heartbeat seconds: Int64 = 0, endpoint: String = "ipc:///a") -> ServiceInstance
    {
        ServiceInstance(
            id: id, kind: .auth, version: "1", endpointPublish: endpoint, endpointRequest: endpoint + ".req",
            startedAt: 0, heartbeatAt: wallClock + seconds * 1_000_000_000)
    }

    /// Reads the directory every five seconds, as long as `seconds` lasts.
    private func pass(
        from first: Int64, to last: Int64, _ rows: (Int64) -> [ServiceInstance]
    ) -> [PeerTable.Change] {
        stride(from: first, through: last, by: 5).flatMap { second in
            table.update(
                rows(second), now: start + .seconds(second), wallClock: wallClock + second * 1_000_000_000)
        }
    }

    @Test("An instance is connected when it appears, and disconnected when it withdraws")
    func appears() {
        let peer = instance("a")
        #expect(table.update([peer], now: start, wallClock: wallClock) == [.connect(peer)])
        #expect(table.update([peer], now: start + .seconds(2), wallClock: wallClock) == [])
        #expect(table.alive == [peer])
        #expect(table.update([], now: start + .seconds(4), wallClock: wallClock) == [.disconnect(peer)])
        #expect(table.alive == [])
    }

    @Test("The own instance is nobody to connect to")
    func own() {
        #expect(table.update([instance("own")], now: start, wallClock: wallClock) == [])
    }

    @Test("An instance whose heartbeat stands still for thirty seconds is dropped, and comes back with its next one")
    func silence() {
        #expect(pass(from: 0, to: 25) { _ in [self.instance("a")] } == [.connect(instance("a"))])
        #expect(pass(from: 30, to: 40) { _ in [self.instance("a")] } == [.disconnect(instance("a"))])
        #expect(table.silent(for: .seconds(30), now: start + .seconds(40)) == [instance("a")])
        #expect(table.silent(for: .seconds(60), now: start + .seconds(40)) == [])
        let back = instance("a", heartbeat: 45)
        #expect(pass(from: 45, to: 45) { _ in [back] } == [.connect(back)])
    }

    @Test("A heartbeat that goes on keeps an instance connected, however wrong its clock is")
    func skew() {
        let row = { (second: Int64) in self.instance("a", heartbeat: second - 86_400) }
        let changes = pass(from: 0, to: 300) { [row($0)] }
        #expect(changes == [.connect(row(5))], "its clock is a day late: believed from the second heartbeat on")
    }

    @Test("What has been dead since before the start is never connected")
    func deadAtStart() {
        #expect(pass(from: 0, to: 100) { _ in [self.instance("a", heartbeat: -31)] } == [])
    }

    @Test("While the directory cannot be read nobody grows silent")
    func outage() {
        let peer = instance("a")
        #expect(pass(from: 0, to: 20) { _ in [peer] } == [.connect(peer)])
        #expect(pass(from: 600, to: 605) { _ in [peer] } == [], "it has had no chance to renew its heartbeat")
        #expect(pass(from: 610, to: 630) { _ in [peer] } == [.disconnect(peer)])
    }

    @Test("An instance that moves is connected at its new endpoint")
    func moves() {
        let moved = instance("a", heartbeat: 5, endpoint: "ipc:///b")
        _ = pass(from: 0, to: 0) { _ in [self.instance("a")] }
        #expect(pass(from: 5, to: 5) { _ in [moved] } == [.disconnect(instance("a")), .connect(moved)])
    }
}
