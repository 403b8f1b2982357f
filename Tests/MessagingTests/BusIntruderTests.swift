import CZeroMQ
import Domain
import Identity
import Testing

@testable import Messaging

/// A ZeroMQ socket with nothing of ours around it.
private final class RawSocket {
    private let context: UnsafeMutableRawPointer
    let pointer: UnsafeMutableRawPointer

    init(_ type: Int32) throws {
        context = try #require(zmq_ctx_new())
        pointer = try #require(zmq_socket(context, type))
        set(ZMQ_LINGER, 0)
        set(ZMQ_SNDHWM, 0)
    }

    deinit {
        zmq_close(pointer)
        zmq_ctx_term(context)
    }

    func set(_ option: Int32, _ value: Int32) {
        var value = value
        zmq_setsockopt(pointer, option, &value, MemoryLayout<Int32>.size)
    }

    func set(_ option: Int32, _ bytes: [UInt8]) {
        zmq_setsockopt(pointer, option, bytes, bytes.count)
    }

    func send(_ frames: [[UInt8]]) {
        for (position, frame) in frames.enumerated() {
            let flags = position < frames.count - 1 ? ZMQ_DONTWAIT | ZMQ_SNDMORE : ZMQ_DONTWAIT
            zmq_send(pointer, frame, frame.count, flags)
        }
    }

    /// How many messages arrive within the time, in milliseconds.
    func receivedCount(within time: Int) -> Int {
        var count = 0
        var item = zmq_pollitem_t(socket: pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        while zmq_poll(&item, 1, time) > 0 {
            var message = zmq_msg_t()
            zmq_msg_init(&message)
            zmq_msg_recv(&message, pointer, ZMQ_DONTWAIT)
            zmq_msg_close(&message)
            count += 1
        }
        return count
    }
}

extension BusTests {
    @Suite
    struct IntruderTests {
        enum Intruder: CaseIterable {
            case plain
            case password
            case ownKeys
            case serverKeyAsClient
        }

        private let fixture: BusFixture

        init() throws {
            fixture = try BusFixture()
        }

        private func equip(_ socket: RawSocket, as intruder: Intruder) {
            let keys = CurveKeys.derived(from: BusFixture.secret)
            let others = CurveKeys.derived(from: Secret("another-deployments-secret-of-32-chars"))
            switch intruder {
            case .plain: break
            case .password:
                socket.set(ZMQ_PLAIN_USERNAME, Array("admin".utf8))
                socket.set(ZMQ_PLAIN_PASSWORD, Array("admin".utf8))
            case .ownKeys:
                socket.set(ZMQ_CURVE_SERVERKEY, keys.server.publicKey)
                socket.set(ZMQ_CURVE_PUBLICKEY, others.client.publicKey)
                socket.set(ZMQ_CURVE_SECRETKEY, others.client.secretKey)
            case .serverKeyAsClient:
                socket.set(ZMQ_CURVE_SERVERKEY, others.server.publicKey)
                socket.set(ZMQ_CURVE_PUBLICKEY, keys.client.publicKey)
                socket.set(ZMQ_CURVE_SECRETKEY, keys.client.secretKey)
            }
        }

        @Test("Over TCP nobody without the deployment's keys is heard or told anything", arguments: Intruder.allCases)
        func refuses(intruder: Intruder) async throws {
            defer { fixture.removeFolder() }
            let (api, auth) = (fixture.makeBus(.api, over: .tcp), fixture.makeBus(.auth, over: .tcp))
            try await fixture.running(api, auth) {
                try await api.pingUntilAnswered(by: auth)
                let row = try #require(fixture.directory.rows.first { $0.id == auth.instance })
                let (asking, hearing) = (try RawSocket(ZMQ_DEALER), try RawSocket(ZMQ_SUB))
                equip(asking, as: intruder)
                equip(hearing, as: intruder)
                hearing.set(ZMQ_SUBSCRIBE, [])
                try #require(zmq_connect(asking.pointer, row.endpointRequest) == 0)
                try #require(zmq_connect(hearing.pointer, row.endpointPublish) == 0)
                let ping = Envelope(
                    kind: .request, topic: Ping.topic, messageVersion: 1, sender: "x", correlation: 1,
                    millisecondsLeft: 60_000, body: Array("{}".utf8))
                asking.send([ping.encoded()])
                for number in 0..<50 {
                    auth.publish(Note(number: number))
                    try await Task.sleep(for: .milliseconds(4))
                }
                #expect(asking.receivedCount(within: 0) == 0)
                #expect(hearing.receivedCount(within: 0) == 0)
                #expect(auth.counters.requestsReceived == 1, "the one of the api")
                if intruder == .ownKeys {
                    try await eventually("it is counted") { auth.counters.connectionsRefused > 0 }
                }
            }
        }

        @Test("The same raw socket with the deployment's keys is answered: the refusals above are about the keys")
        func acceptsKeys() async throws {
            defer { fixture.removeFolder() }
            let auth = fixture.makeBus(.auth, over: .tcp)
            try await fixture.running(auth) {
                try await eventually("it is announced") { fixture.directory.rows.count == 1 }
                let asking = try RawSocket(ZMQ_DEALER)
                let keys = CurveKeys.derived(from: BusFixture.secret)
                asking.set(ZMQ_CURVE_SERVERKEY, keys.server.publicKey)
                asking.set(ZMQ_CURVE_PUBLICKEY, keys.client.publicKey)
                asking.set(ZMQ_CURVE_SECRETKEY, keys.client.secretKey)
                try #require(zmq_connect(asking.pointer, fixture.directory.rows[0].endpointRequest) == 0)
                let ping = Envelope(
                    kind: .request, topic: Ping.topic, messageVersion: 1, sender: "x", correlation: 1,
                    millisecondsLeft: 60_000, body: Array("{}".utf8))
                asking.send([ping.encoded()])
                try await eventually("it is answered") { asking.receivedCount(within: 0) == 1 }
            }
        }

        @Test("A bus with another deployment's secret finds nobody who answers")
        func otherSecret() async throws {
            defer { fixture.removeFolder() }
            let auth = fixture.makeBus(.auth, over: .tcp)
            let stranger = fixture.makeBus(
                .api, over: .tcp, secret: Secret("another-deployments-secret-of-32-chars"))
            try await fixture.running(auth, stranger) {
                try await eventually("it is known") { !stranger.peers.isEmpty }
                await #expect(throws: BusError.timedOut) {
                    try await stranger.request(Ping(), of: .auth, timeout: .milliseconds(300))
                }
                #expect(auth.counters.requestsReceived == 0)
            }
        }

        @Test("Frames of any bytes and any number are counted, and the bus goes on")
        func garbage() async throws {
            defer { fixture.removeFolder() }
            let (api, auth) = (fixture.makeBus(.api), fixture.makeBus(.auth))
            var generator = SeededGenerator()
            let seed = generator.seed
            let valid = Envelope(
                kind: .request, topic: Ping.topic, messageVersion: 1, sender: "x", correlation: 1,
                millisecondsLeft: 60_000, body: []
            ).encoded()
            try await fixture.running(api, auth) {
                try await eventually("both are announced") { fixture.directory.rows.count == 2 }
                let row = try #require(fixture.directory.rows.first { $0.id == auth.instance })
                let asking = try RawSocket(ZMQ_DEALER)
                try #require(zmq_connect(asking.pointer, row.endpointRequest) == 0)
                for _ in 0..<2_000 {
                    var frame = Bool.random(using: &generator) ? generator.bytes(countMax: 64) : valid
                    if !frame.isEmpty {
                        frame[Int.random(in: 0..<frame.count, using: &generator)] = UInt8.random(
                            in: .min ... .max, using: &generator)
                    }
                    let framesBefore = Int.random(in: 0...2, using: &generator)
                    asking.send((0..<framesBefore).map { _ in generator.bytes(countMax: 8) } + [frame])
                }
                try await eventually("all are read, SEED=\(seed)") {
                    // A request whose body does not decode counts as both.
                    auth.counters.malformed + auth.counters.requestsReceived >= 2_000
                }
                try await api.pingUntilAnswered(by: auth)
            }
        }

        @Test("A publisher of garbage does no harm to those who hear it")
        func garbagePublisher() async throws {
            defer { fixture.removeFolder() }
            let (api, collector) = (fixture.makeBus(.api), fixture.makeBus(.collector))
            var notes = api.subscribe(Note.self).makeAsyncIterator()
            let intruder = try RawSocket(ZMQ_PUB)
            try #require(zmq_bind(intruder.pointer, "ipc://\(fixture.folder)/intruder.pub") == 0)
            fixture.directory.insert(
                ServiceInstance(
                    id: "intruder", kind: .mailer, version: "",
                    endpointPublish: "ipc://\(fixture.folder)/intruder.pub",
                    endpointRequest: "nonsense://", startedAt: 0, heartbeatAt: SystemClock.now()))
            var generator = SeededGenerator()
            try await fixture.running(api, collector) {
                await collector.publishUntilHeard(by: &notes)
                try await eventually("its garbage arrives, SEED=\(generator.seed)") {
                    let prefix = Envelope.subscriptionPrefix(topic: Note.topic)
                    intruder.send([prefix + generator.bytes(countMax: 40)])
                    intruder.send([prefix, generator.bytes(countMax: 40)])
                    return api.counters.malformed > 100
                }
                collector.publish(Note(number: 5))
                #expect(await notes.nextNumbered() == Note(number: 5))
                await #expect(throws: BusError.timedOut) {
                    try await api.request(Ping(), of: .mailer, timeout: .milliseconds(50))
                }
            }
        }
    }
}
