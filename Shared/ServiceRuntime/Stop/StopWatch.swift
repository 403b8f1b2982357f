import Foundation
import Synchronization

/// Hears when the process is to stop, and sees to it that it does.
///
/// A thread of its own waits, so that it works whatever hangs elsewhere. The first signal (or the end of standard input,
/// where a launcher holds the other end) begins the stop; ten seconds later, or at a second signal, the process ends.
enum StopWatch {
    /// What may take at most this long is finished before the end.
    static let patience = Duration.seconds(10)

    enum Reason: Sendable, Equatable, CustomStringConvertible {
        case signal(Int32)
        case launcherGone

        var description: String {
            switch self {
            case .signal(SIGTERM): "SIGTERM"
            case .signal(SIGINT): "SIGINT"
            case .signal(let number): "signal \(number)"
            case .launcherGone: "the launcher is gone"
            }
        }
    }

    /// Watches from now on. `stop` is called once; `giveUp` just before the process is ended by force.
    static func start(
        isSupervised: Bool, stop: @escaping @Sendable (Reason) -> Void, giveUp: @escaping @Sendable () -> Void
    ) {
        signal(SIGPIPE, SIG_IGN)
        let signals = SignalPipe.open(for: [SIGTERM, SIGINT, SIGHUP])
        let thread = Thread {
            stop(waitForReason(signals: signals, input: isSupervised ? STDIN_FILENO : nil))
            waitForSignal(signals, until: .now + patience)
            giveUp()
            _exit(ExitReason.failure.rawValue)
        }
        thread.name = "stop watch"
        thread.start()
    }

    /// The process is about to end for a reason of its own, and gets no more time for that than for any other.
    static func limitTheEnd() {
        let thread = Thread {
            Thread.sleep(forTimeInterval: patience / .seconds(1))
            _exit(ExitReason.failure.rawValue)
        }
        thread.start()
    }

    private static func waitForReason(signals: Int32, input: Int32?) -> Reason {
        while true {
            var watched = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
            if let input { watched.append(pollfd(fd: input, events: Int16(POLLIN), revents: 0)) }
            guard poll(&watched, nfds_t(watched.count), -1) > 0 else { continue }
            if watched[0].revents != 0, let number = SignalPipe.read(signals).first { return .signal(number) }
            if let input, watched.count > 1, watched[1].revents != 0, hasEnded(input) { return .launcherGone }
        }
    }

    /// Nothing is ever written to the pipe: what comes is its end.
    private static func hasEnded(_ input: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(input, &bytes, bytes.count)
        return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)
    }

    private static func waitForSignal(_ signals: Int32, until deadline: ContinuousClock.Instant) {
        while true {
            let left = deadline - .now
            guard left > .zero else { return }
            var watched = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, Int32(left / .milliseconds(1)) + 1) > 0 else { continue }
            if !SignalPipe.read(signals).isEmpty { return }
        }
    }
}
