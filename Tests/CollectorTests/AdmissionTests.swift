import Access
import Compression
import Database
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Storage
import Synchronization
import Testing

@testable import ServiceRuntime
@testable import bennu_collector

@Suite("Project quotas")
struct ProjectQuotaTests {
    /// A clock that stands until it is moved.
    private final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func advance(_ seconds: Int) { time.withLock { $0 += .seconds(seconds) } }
    }

    @Test("a project may send ten seconds' worth at once, and then what its rate allows")
    func rate() {
        let clock = Clock()
        let quotas = ProjectQuotas(bytesPerSecond: 100, overrides: [:], now: { clock.now })
        #expect(quotas.take(["shop": 1000]) == nil)
        #expect(quotas.take(["shop": 1]) == .seconds(1))
        clock.advance(2)
        #expect(quotas.take(["shop": 700]) == nil)
        // 500 bytes in debt: five seconds at 100 a second.
        #expect(quotas.take(["shop": 1]) == .seconds(5))
        clock.advance(6)
        #expect(quotas.take(["shop": 1]) == nil)
    }

    @Test("projects do not pay for each other, and one may have a limit of its own or none")
    func overrides() {
        let clock = Clock()
        let quotas = ProjectQuotas(bytesPerSecond: 10, overrides: ["big": 1000, "free": 0], now: { clock.now })
        #expect(quotas.take(["shop": 500]) == nil)
        #expect(quotas.take(["shop": 1]) != nil)
        #expect(quotas.take(["other": 1]) == nil)
        #expect(quotas.take(["big": 9000]) == nil)
        #expect(quotas.take(["big": 900]) == nil)
        for _ in 0..<10 { #expect(quotas.take(["free": 1_000_000]) == nil) }
    }

    @Test("a request of two projects is taken for both or for none")
    func together() {
        let clock = Clock()
        let quotas = ProjectQuotas(bytesPerSecond: nil, overrides: ["a": 10, "b": 10], now: { clock.now })
        #expect(quotas.take(["a": 100]) == nil)
        #expect(quotas.take(["a": 50, "b": 100]) != nil)
        #expect(quotas.take(["b": 100]) == nil)
    }
}

@Suite("Senders")
struct SenderTests {
    @Test("connections of one address are one sender, whatever the protocol and the port")
    func addresses() {
        let http = SenderAddress(ipAddress: "::ffff:10.0.0.7", forwardedFor: nil)
        #expect(http == SenderAddress(grpcPeer: "ipv4:10.0.0.7:5317"))
        #expect(SenderAddress(grpcPeer: "ipv6:[2001:db8::1]:1").text == "2001:db8::1")
        #expect(SenderAddress(grpcPeer: "unix:/run/x").text == "local")
        #expect(SenderAddress(grpcPeer: "unix:/run/x").network == "local" && http.network == "10.0.0.7")
        let (one, other) = ("2001:db8:0:7::1", "2001:db8::7:ffff:0:0:2")
        #expect(
            SenderAddress(ipAddress: one, forwardedFor: nil).network
                == SenderAddress(ipAddress: other, forwardedFor: nil).network)
    }

    @Test("only this machine's front door is believed about whom it speaks for")
    func forwarded() {
        #expect(SenderAddress(ipAddress: nil, forwardedFor: "1.1.1.1, 10.0.0.9").text == "10.0.0.9")
        #expect(SenderAddress(ipAddress: "127.0.0.1", forwardedFor: "10.0.0.9").text == "10.0.0.9")
        #expect(SenderAddress(ipAddress: "10.0.0.7", forwardedFor: "10.0.0.9").text == "10.0.0.7")
    }

    @Test("a key is one sender wherever it is used from")
    func keys() {
        let here = SenderAddress(ipAddress: "10.0.0.7", forwardedFor: nil)
        let there = SenderAddress(ipAddress: "10.0.0.8", forwardedFor: nil)
        #expect(Sender(.system(.apiKey(3)), address: here) == Sender(.system(.apiKey(3)), address: there))
        #expect(Sender(.system(.apiKey(3)), address: here) != Sender(.system(.apiKey(4)), address: here))
        #expect(Sender(.anyone, address: here) != Sender(.anyone, address: there))
    }
}

@Suite("Admission", .serialized)
struct AdmissionTests {
    /// Knows three bearer tokens.
    private struct KnownTokens: Authenticating {
        func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal {
            switch authorization {
            case nil: throw .missing
            case "Bearer member": return .user(id: 1, role: .member, credential: .apiKey(1))
            case "Bearer viewer": return .user(id: 2, role: .viewer, credential: .apiKey(2))
            case "Bearer later": throw .unavailable
            default: throw .invalid
            }
        }
    }

    private func post(
        _ name: String, to collector: CollectorFixture, spanID: UInt8 = 1, token: String? = nil
    ) async throws -> TestResponse {
        var headers: HTTPFields = [.contentType: "application/x-protobuf"]
        headers[.authorization] = token.map { "Bearer \($0)" }
        let body = ByteBuffer(bytes: OTLPRequest.protobuf(name: name, spanID: spanID))
        return try await collector.app().test(.router) { [headers] client in
            try await client.execute(uri: "/v1/traces", method: .post, headers: headers, body: body)
        }
    }

    @Test("without a credential spans are refused with 401, with a viewer's with 403, and a member's are stored")
    func authorization() async throws {
        try await withCollector(authenticator: KnownTokens()) { collector in
            let missing = try await post("a", to: collector)
            #expect(missing.status == .unauthorized)
            #expect(missing.headers[.wwwAuthenticate] == "Bearer")
            #expect(try await post("b", to: collector, token: "wrong").status == .unauthorized)
            let viewer = try await post("c", to: collector, token: "viewer")
            #expect(viewer.status == .forbidden)
            #expect(viewer.headers[.retryAfter] == nil)
            let later = try await post("d", to: collector, token: "later")
            #expect(later.status == .serviceUnavailable)
            #expect(later.headers[.retryAfter] != nil)
            #expect(try await post("e", to: collector, token: "member").status == .ok)
            #expect(try await collector.spanNames() == ["e"])
        }
    }

    @Test("a project beyond its quota is refused with 429 and when to try again")
    func quota() async throws {
        let quotas: @Sendable () -> ProjectQuotas = { ProjectQuotas(bytesPerSecond: 1, overrides: [:]) }
        try await withCollector(quotas: quotas) { collector in
            #expect(try await post("first", to: collector, spanID: 1).status == .ok)
            let second = try await post("second", to: collector, spanID: 2)
            #expect(second.status == .tooManyRequests)
            #expect(Int(second.headers[.retryAfter] ?? "") ?? 0 >= 1)
            #expect(try await collector.spanNames() == ["first"])
        }
    }

    @Test("a sender over its share is refused with 429 while another is served")
    func share() async throws {
        try await withCollector(budget: { ByteBudget(bytesMax: 1000) }) { collector in
            let local = Sender(.anyone, address: SenderAddress(ipAddress: nil, forwardedFor: nil))
            try collector.ingest.budget.reserve(500, for: local)
            let refused = try await post("mine", to: collector)
            #expect(refused.status == .tooManyRequests)
            #expect(refused.headers[.retryAfter] == "1")
            collector.ingest.budget.release(500, of: local)
            try collector.ingest.budget.reserve(500, for: .other)
            #expect(try await post("mine", to: collector).status == .ok)
        }
    }

    @Test("once the database is as large as it may become, spans are refused with 507 and whom to ask, until it is not")
    func capacity() async throws {
        try await withCollector(databaseBytesMax: 1) { collector in
            #expect(try await post("before", to: collector, spanID: 1).status == .ok)
            let measuring = Task { try await collector.capacity.run() }
            while !collector.capacity.isExhausted { try await Task.sleep(for: .milliseconds(1)) }
            let refused = try await post("after", to: collector, spanID: 2)
            #expect(refused.status.code == 507)
            #expect(String(buffer: refused.body).contains("ops@example.com"))
            #expect(try await collector.spanNames() == ["before"])
            measuring.cancel()
            try await measuring.value
        }
        try await withCollector(databaseBytesMax: 1 << 50) { collector in
            let measuring = Task { try await collector.capacity.run() }
            while collector.capacity.bytesUsed == 0 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(!collector.capacity.isExhausted)
            #expect(try await post("room", to: collector).status == .ok)
            measuring.cancel()
            try await measuring.value
        }
    }
}

@Suite("Refusals")
struct RefusalTests {
    @Test("a failure of the database or of the way to it is to be sent again, a fault in what was sent or in us is not")
    func retryable() {
        for state in ["58030", "53200", "53300", "28P01", "3D000"] {
            #expect(IngestRefusal(DatabaseError.failed(sqlState: state, message: "")) == .databaseUnavailable)
        }
        #expect(IngestRefusal(DatabaseError.failed(sqlState: "22021", message: "")) == .failed)
        #expect(IngestRefusal(DatabaseError.diskFull) == .storageFull)
    }
}

@Suite("Inflated bodies")
struct InflatedBodyTests {
    @Test("what a body is inflated to takes room while it grows, and gives all of it back")
    func room() async throws {
        let budget = ByteBudget(bytesMax: 1 << 20)
        try await withCollector(budget: { budget }) { collector in
            func inflated(_ count: Int, bytesMax: Int = 1 << 30) -> Result<InflatedBody, IngestRefusal> {
                let packed = [UInt8](repeating: 7, count: count).withUnsafeBytes { gzip($0) }
                return packed.withUnsafeBytes {
                    collector.ingest.inflate($0, .gzip, bytesMax: bytesMax, for: .test, through: .grpc)
                }
            }
            let body = try inflated(100_000).get()
            #expect(body.bytes == [UInt8](repeating: 7, count: 100_000))
            #expect(budget.bytesUsed >= 100_000)
            collector.ingest.release(body, of: .test)
            #expect(budget.bytesUsed == 0)
            let refusal = #expect(throws: IngestRefusal.self) { try inflated(8 << 20).get() }
            #expect(refusal == .overloaded || refusal == .overShare)
            #expect(throws: IngestRefusal.tooLarge(bytesMax: 1000)) { try inflated(8 << 20, bytesMax: 1000).get() }
            #expect(budget.bytesUsed == 0)
            #expect(collector.count("bennu_collector_requests_refused_total", "too_large") == 1)
        }
    }
}
