import Access
import GRPCCore
import HTTP
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import Testing

@testable import bennu_collector

@Suite("Messages let in to gRPC", .serialized)
struct MessageAdmissionTests {
    typealias Frame = HTTP2Frame.FramePayload

    private static let address = SenderAddress(ipAddress: "192.0.2.7", forwardedFor: nil)

    /// A stream of HTTP/2 with nothing behind the handler.
    private func stream(_ collector: CollectorFixture, bytesMax: Int = 1000) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(
            handler: MessageAdmission(
                ingest: collector.ingest, known: collector.access.known, address: Self.address, bytesMax: bytesMax))
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        return channel
    }

    private func data(_ bytes: [UInt8], end: Bool = false) -> Frame {
        .data(.init(data: .byteBuffer(ByteBuffer(bytes: bytes)), endStream: end))
    }

    private func message(_ bytes: [UInt8], length: Int? = nil, isCompressed: Bool = false) -> [UInt8] {
        let length = UInt32(length ?? bytes.count)
        return [isCompressed ? 1 : 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + bytes
    }

    private func trailers(_ channel: EmbeddedChannel) throws -> HPACKHeaders? {
        guard case .headers(let headers)? = try channel.readOutbound(as: Frame.self), headers.endStream else {
            return nil
        }
        return headers.headers
    }

    private func passedOn(_ channel: EmbeddedChannel) throws -> Int {
        var count = 0
        while let frame = try channel.readInbound(as: Frame.self) {
            if case .data(let data) = frame { count += data.data.readableBytes }
        }
        return count
    }

    @Test("a message is passed on as it comes, and holds room until its stream ends")
    func passes() async throws {
        try await withCollector { collector in
            let channel = try stream(collector)
            let bytes = message([UInt8](repeating: 0, count: 300))
            for (index, byte) in bytes.enumerated() {
                try channel.writeInbound(data([byte], end: index == bytes.count - 1))
            }
            #expect(try passedOn(channel) == 305)
            #expect(collector.ingest.budget.bytesUsed == 300)
            _ = try channel.finish()
            #expect(collector.ingest.budget.bytesUsed == 0)
        }
    }

    @Test("a message that is too large is thrown away and refused in words at its end")
    func tooLarge() async throws {
        try await withCollector { collector in
            let channel = try stream(collector)
            try channel.writeInbound(data(message([UInt8](repeating: 0, count: 600), length: 1200)))
            #expect(try channel.readOutbound(as: Frame.self) == nil)
            try channel.writeInbound(data([UInt8](repeating: 0, count: 600), end: true))
            #expect(try passedOn(channel) == 0)
            let answer = try trailers(channel)
            #expect(answer?.first(name: "grpc-status") == "8")
            #expect(answer?.first(name: "grpc-message") == "the request is larger than 1000 bytes")
            #expect(answer?.contains(name: "grpc-status-details-bin") == false)
            #expect(collector.count("bennu_collector_requests_refused_total", "too_large") == 1)
            _ = try channel.finish()
        }
    }

    @Test("a stream that sends on and on is answered and reset")
    func endless() async throws {
        try await withCollector { collector in
            let channel = try stream(collector)
            try channel.writeInbound(data(message([], length: 1 << 30)))
            for _ in 0..<3 { try channel.writeInbound(data([UInt8](repeating: 0, count: 700))) }
            #expect(try trailers(channel)?.first(name: "grpc-status") == "8")
            guard case .rstStream(.noError)? = try channel.readOutbound(as: Frame.self) else {
                Issue.record("the stream was not reset")
                return
            }
            try channel.writeInbound(data([1, 2, 3]))
            #expect(try passedOn(channel) == 0)
            _ = try channel.finish()
        }
    }

    @Test("while the queue is full a message is counted, thrown away, and refused with when to come again")
    func full() async throws {
        try await withFullQueue { collector in
            let channel = try stream(collector)
            let spans = (1...3).flatMap { OTLPRequest.protobuf(name: "span", spanID: $0) }
            try channel.writeInbound(data(message(spans), end: true))
            #expect(try passedOn(channel) == 0)
            let answer = try trailers(channel)
            #expect(answer?.first(name: "grpc-status") == "14")
            #expect(answer?.contains(name: "grpc-status-details-bin") == true)
            #expect(collector.count("bennu_collector_spans_refused_total", "queue_full") == 3)
            #expect(collector.ingest.budget.bytesUsed == 0)
            _ = try channel.finish()
        }
    }

    @Test("a compressed message is let in while the queue is full, since its spans could not be counted here")
    func compressed() async throws {
        try await withFullQueue { collector in
            let channel = try stream(collector)
            try channel.writeInbound(Frame.headers(.init(headers: ["grpc-encoding": "gzip"])))
            try channel.writeInbound(data(message([1, 2, 3], isCompressed: true), end: true))
            #expect(try passedOn(channel) == 8)
            _ = try channel.finish()
        }
    }

    /// What is passed on of a stream that says how its messages are compressed: its headers and the message's first byte.
    private func passedOn(encoding: String, _ bytes: [UInt8]) async throws -> (HPACKHeaders, UInt8)? {
        var found: (HPACKHeaders, UInt8)?
        try await withCollector { collector in
            let channel = try stream(collector)
            let headers: HPACKHeaders = [
                "grpc-encoding": encoding, "authorization": "Bearer x", MessageAdmission.codingHeader: "zstd",
            ]
            try channel.writeInbound(Frame.headers(.init(headers: headers)))
            try channel.writeInbound(data([]))
            for (index, byte) in bytes.enumerated() {
                try channel.writeInbound(data([byte], end: index == bytes.count - 1))
            }
            var first: UInt8?
            while let frame = try channel.readInbound(as: Frame.self) {
                if case .headers(let headers) = frame {
                    #expect(first == nil)
                    found = (headers.headers, 0)
                } else if case .data(let data) = frame, case .byteBuffer(let bytes) = data.data {
                    first = first ?? bytes.getInteger(at: bytes.readerIndex)
                }
            }
            found?.1 = try #require(first)
            _ = try channel.finish()
        }
        return found
    }

    @Test(
        "a compressed message goes on as if it were not, with its coding beside it",
        arguments: ["gzip", "deflate", "zstd"])
    func coding(_ encoding: String) async throws {
        let (headers, flag) = try #require(try await passedOn(encoding: encoding, message([1, 2], isCompressed: true)))
        #expect(headers[MessageAdmission.codingHeader] == [encoding])
        #expect(headers["grpc-encoding"] == [])
        #expect(headers["authorization"] == ["Bearer x"])
        #expect(flag == 0)
    }

    @Test("a message that is not compressed is passed on as it is, and what gRPC would inflate later is never named")
    func plainAmongCompressed() async throws {
        let (headers, flag) = try #require(try await passedOn(encoding: "gzip", message([1, 2])))
        #expect(headers[MessageAdmission.codingHeader] == [])
        #expect(headers["grpc-encoding"] == [])
        #expect(flag == 0)
    }

    @Test("a message in a coding that nobody knows is left to gRPC, which says so")
    func otherCoding() async throws {
        let (headers, flag) = try #require(
            try await passedOn(encoding: "snappy", message([1, 2], isCompressed: true)))
        #expect(headers[MessageAdmission.codingHeader] == [])
        #expect(headers["grpc-encoding"] == ["snappy"])
        #expect(flag == 1)
    }

    @Test("gRPC's answer that a coding is not known names all that are")
    func namedCodings() async throws {
        try await withCollector { collector in
            let channel = try stream(collector)
            let answer: HPACKHeaders = ["grpc-status": "12", "grpc-accept-encoding": "gzip"]
            try channel.writeOutbound(Frame.headers(.init(headers: answer, endStream: true)))
            #expect(
                try trailers(channel)?.first(name: "grpc-accept-encoding") == "identity,gzip,deflate,zstd")
            _ = try channel.finish(acceptAlreadyClosed: true)
        }
    }

    @Test("calls that are not of one whole message are refused in words")
    func framing() async throws {
        let whole = message([1, 2, 3])
        let calls: [([UInt8], String)] = [
            (whole + whole, "the call has more than one message"), (whole + [0], "the call has more than one message"),
            (Array(whole.dropLast()), "the call has no whole message"), ([], "the call has no whole message"),
            ([0, 0, 0], "the call has no whole message"),
            (message([1], isCompressed: true), "the message is compressed, and no grpc-encoding says how"),
            ([2] + whole.dropFirst(), "the message is compressed, and no grpc-encoding says how"),
        ]
        for (bytes, words) in calls {
            for step in [1, 100] {
                try await withCollector { collector in
                    let channel = try stream(collector)
                    try channel.writeInbound(Frame.headers(.init(headers: [":path": "/x"])))
                    for start in Swift.stride(from: 0, to: bytes.count, by: step) {
                        try channel.writeInbound(data(Array(bytes[start...].prefix(step))))
                    }
                    try channel.writeInbound(data([], end: true))
                    let answer = try trailers(channel)
                    #expect(answer?.first(name: "grpc-status") == "3")
                    #expect(answer?.first(name: "grpc-message") == words)
                    #expect(collector.ingest.budget.bytesUsed == 0)
                    _ = try channel.finish(acceptAlreadyClosed: true)
                }
            }
        }
    }

    @Test("a call that ends with its headers, or has headers twice, is answered at once", arguments: [true, false])
    func headersAlone(_ endsAtOnce: Bool) async throws {
        try await withCollector { collector in
            let channel = try stream(collector)
            let headers = Frame.headers(.init(headers: ["grpc-encoding": "gzip"], endStream: endsAtOnce))
            try channel.writeInbound(headers)
            if !endsAtOnce { try channel.writeInbound(headers) }
            #expect(try trailers(channel)?.first(name: "grpc-status") == "3")
            _ = try channel.finish(acceptAlreadyClosed: true)
        }
    }

    @Test("a timeout that is none is not passed on: gRPC would end the process")
    func timeouts() async throws {
        try await withCollector { collector in
            let timeouts = [
                ("5S", true), ("12345678m", true), ("0n", true), ("-1S", false), ("", false), ("S", false),
                ("5", false), ("123456789S", false), ("1 S", false), ("+5S", false), ("５S", false),
            ]
            for (timeout, isPassedOn) in timeouts {
                let channel = try stream(collector)
                try channel.writeInbound(Frame.headers(.init(headers: ["grpc-timeout": timeout])))
                guard case .headers(let headers)? = try channel.readInbound(as: Frame.self) else {
                    Issue.record("no headers were passed on with \(timeout)")
                    continue
                }
                #expect(headers.headers.contains(name: "grpc-timeout") == isPassedOn, "\(timeout)")
                _ = try channel.finish(acceptAlreadyClosed: true)
            }
        }
    }

    /// One key, of the system.
    private struct OneKey: Authenticating {
        func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal {
            guard authorization == "Bearer key" else { throw .invalid }
            return .system(.apiKey(7))
        }
    }

    @Test("a message counts for the key that its call names, once that has been looked up, and else for its address")
    func charges() async throws {
        let budget: @Sendable () -> ByteBudget = { ByteBudget(bytesMax: 1000) }
        try await withCollector(budget: budget, authenticator: OneKey()) { collector in
            let address = SenderAddress(ipAddress: "192.0.2.7", forwardedFor: nil)
            // Whoever is at this address has all that one sender may hold.
            try collector.ingest.budget.reserve(500, for: Sender(.anyone, address: address))
            func answer(_ authorization: String) throws -> String? {
                let channel = try stream(collector)
                let headers: HPACKHeaders = [":path": "/x", "authorization": authorization]
                try channel.writeInbound(Frame.headers(.init(headers: headers)))
                try channel.writeInbound(data(message([UInt8](repeating: 0, count: 200)), end: true))
                let status = try trailers(channel)?.first(name: "grpc-status")
                _ = try channel.finish(acceptAlreadyClosed: true)
                return status
            }
            #expect(try answer("Bearer key") == "8")
            _ = try await collector.access.sender(authorization: "Bearer key", address: address)
            await #expect(throws: IngestRefusal.self) {
                try await collector.access.sender(authorization: "Bearer other", address: address)
            }
            #expect(try answer("Bearer key") == nil)
            #expect(try answer("Bearer other") == "8")
            #expect(collector.ingest.budget.bytesUsed == 500)
        }
    }

    @Test("a stream that says nothing is ended after half a minute with DEADLINE_EXCEEDED")
    func silent() async throws {
        try await withCollector { collector in
            let intake = RequestIntake(
                from: .test, ingest: collector.ingest, bytesMax: 1000, began: .now() - .seconds(31))
            let channel = EmbeddedChannel(
                handler: MessageAdmission(
                    intake, ingest: collector.ingest, known: collector.access.known, bytesMax: 1000))
            channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
            try channel.writeInbound(Frame.headers(.init(headers: [":path": "/x"])))
            #expect(try channel.readOutbound(as: Frame.self) == nil)
            channel.embeddedEventLoop.advanceTime(by: .seconds(10))
            #expect(try trailers(channel)?.first(name: "grpc-status") == "4")
            #expect(collector.count("bennu_collector_requests_refused_total", "too_slow") == 1)
            _ = try channel.finish()
        }
    }

    @Test("an answer of gRPC's own gives back the room at once, and ends the watch over what still comes")
    func answered() async throws {
        try await withCollector { collector in
            let channel = try stream(collector)
            try channel.writeInbound(data(message([UInt8](repeating: 0, count: 300), length: 900)))
            #expect(collector.ingest.budget.bytesUsed == 900)
            try channel.writeOutbound(Frame.headers(.init(headers: ["grpc-status": "16"], endStream: true)))
            #expect(collector.ingest.budget.bytesUsed == 0)
            try channel.writeInbound(data([UInt8](repeating: 0, count: 2000), end: true))
            #expect(try trailers(channel)?.first(name: "grpc-status") == "16")
            #expect(try channel.readOutbound(as: Frame.self) == nil)
            #expect(collector.ingest.budget.bytesUsed == 0)
            _ = try channel.finish()
        }
    }
}
