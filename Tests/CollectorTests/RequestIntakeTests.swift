import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import bennu_collector

@Suite("Requests on their way in", .serialized)
struct RequestIntakeTests {
    private func intake(
        _ collector: CollectorFixture, bytesMax: Int = 1 << 20, secondsAgo: Int64 = 0
    ) -> RequestIntake {
        RequestIntake(
            from: .test, ingest: collector.ingest, bytesMax: bytesMax, began: .now() - .seconds(secondsAgo))
    }

    private func take(_ count: Int, _ intake: inout RequestIntake) -> Bool {
        [UInt8](repeating: 0, count: count).withUnsafeBytes { intake.take($0) }
    }

    @Test("room is taken for what is announced and then for what comes, and all of it is given back")
    func room() async throws {
        try await withCollector { collector in
            var intake = intake(collector)
            intake.expect(100, isProtobuf: false)
            #expect(collector.ingest.budget.bytesUsed == 100)
            #expect(take(100, &intake))
            #expect(take(50, &intake))
            #expect(collector.ingest.budget.bytesUsed == 150)
            intake.release()
            #expect(collector.ingest.budget.bytesUsed == 0)
        }
    }

    @Test("too large a request is refused when it is announced, or when it has come, and holds nothing from then on")
    func tooLarge() async throws {
        try await withCollector { collector in
            var announced = intake(collector, bytesMax: 100)
            announced.expect(101, isProtobuf: false)
            #expect(announced.refusal == .tooLarge(bytesMax: 100))
            var silent = intake(collector, bytesMax: 100)
            silent.expect(0, isProtobuf: false)
            #expect(take(100, &silent))
            #expect(!take(1, &silent))
            #expect(silent.refusal == .tooLarge(bytesMax: 100))
            #expect(!silent.isHopeless)
            #expect(!take(100, &silent))
            #expect(silent.isHopeless)
            #expect(collector.ingest.budget.bytesUsed == 0)
        }
    }

    @Test("a request may take half a minute and as long again as its bytes deserve")
    func slow() async throws {
        try await withCollector { collector in
            var dripping = intake(collector, secondsAgo: 31)
            dripping.expect(1 << 20, isProtobuf: false)
            #expect(!take(1, &dripping))
            #expect(dripping.refusal == .tooSlow && dripping.isHopeless)
            var steady = intake(collector, secondsAgo: 31)
            steady.expect(1 << 20, isProtobuf: false)
            #expect(take(64 << 10, &steady))
            steady.lookAtClock(now: .now() + .seconds(10))
            #expect(steady.refusal == .tooSlow)
            #expect(collector.ingest.budget.bytesUsed == 0)
        }
    }

    @Test("while the queue is full a body is read, counted and thrown away, and its sender told to come again")
    func full() async throws {
        try await withFullQueue { collector in
            let spans = (1...3).flatMap { OTLPRequest.protobuf(name: "span", spanID: $0) }
            let response = try await collector.app().test(.router) { client in
                try await client.execute(
                    uri: "/v1/traces", method: .post, headers: [.contentType: "application/x-protobuf"],
                    body: ByteBuffer(bytes: spans))
            }
            #expect(response.status == .serviceUnavailable)
            #expect(response.headers[.retryAfter] == "1")
            #expect(collector.count("bennu_collector_spans_refused_total", "queue_full") == 3)
            #expect(collector.count("bennu_collector_requests_refused_total", "queue_full") == 1)
            #expect(collector.ingest.budget.bytesUsed == 0)
        }
    }
}
