import Domain
import Foundation
import Synchronization

/// Asks a service whether it is ready until it says so.
final class ReadinessProbe: Sendable {
    private static let pause = Duration.milliseconds(10)
    private static let pauseLater = Duration.milliseconds(100)
    /// A service that takes longer is asked less often.
    private static let eagerTime = Duration.seconds(3)
    private static let answerSecondsMax = 3

    private let isWanted = Atomic(true)

    /// Where to ask.
    enum Target: Sendable, Equatable {
        case port(host: String, Int)
        case socket(path: String)
    }

    /// Asks from a thread of its own; `onReady` is called there, once.
    init(_ target: Target, onReady: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            let start = ContinuousClock.now
            while isWanted.load(ordering: .relaxed) {
                if Self.isReady(target) { return onReady() }
                let pause = ContinuousClock.now - start < Self.eagerTime ? Self.pause : Self.pauseLater
                usleep(UInt32(pause / .microseconds(1)))
            }
        }
        thread.name = "readiness probe"
        thread.start()
    }

    /// Nobody wants to know any more.
    func cancel() {
        isWanted.store(false, ordering: .relaxed)
    }

    /// Whether `/readyz` answers 200.
    static func isReady(_ target: Target) -> Bool { status(target, path: "/readyz") == 200 }

    /// The status that a path answers (RFC 9112); nil for no answer.
    static func status(_ target: Target, path: String) -> Int? {
        var status: Int?
        _ = withAddress(target) { family, address, length in
            let descriptor = Sockets.stream(family)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var limit = timeval(tv_sec: answerSecondsMax, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
            guard connect(descriptor, address, length) == 0 else { return nil }
            let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
            guard write(descriptor, request, request.count) == request.count else { return nil }
            var answer = [UInt8](repeating: 0, count: 64)
            let count = read(descriptor, &answer, answer.count)
            status = statusCode(answer.prefix(max(count, 0)))
            return nil
        }
        return status
    }

    static func statusCode(_ answer: some Collection<UInt8>) -> Int? {
        let words = String(decoding: answer, as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count > 1, words[0].hasPrefix("HTTP/1.") else { return nil }
        return Int(words[1])
    }

    private static func withAddress(
        _ target: Target, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32?
    ) -> Int32? {
        switch target {
        case .port(let host, let port): SocketAddress.resolve(host: localAddress(host), port: port, body)
        case .socket(let path): SocketAddress.withPath(path, body)
        }
    }

    /// Who listens everywhere is reached on loopback.
    private static func localAddress(_ host: String) -> String {
        switch host {
        case "0.0.0.0", "::": "127.0.0.1"
        default: host
        }
    }
}
