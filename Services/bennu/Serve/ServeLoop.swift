import Domain
import Foundation
import Logging
import Observability
import ServiceRuntime
import Synchronization

/// Carries out what the supervisor decides, and tells it what happens. Everything but the readiness probes runs on the one
/// thread that calls `run`.
final class ServeLoop {
    private let plan: ServePlan
    private let printer: LinePrinter
    private let logger: Logger
    private let start: ContinuousClock.Instant
    private var supervisor = Supervisor(ServePlan.kinds)
    private var children: [ServiceKind: RunningChild] = [:]
    private var exitReason: ExitReason?
    private let signals: Int32
    private let readyEvents = ReadyEvents()

    private struct RunningChild {
        let process: ChildProcess
        let probe: ReadinessProbe?
        var lines = LineSplitter()
    }

    /// `start` is when the launcher began. One loop a process: it takes the signals.
    init(plan: ServePlan, printer: LinePrinter, logger: Logger, start: ContinuousClock.Instant) {
        self.plan = plan
        self.printer = printer
        self.logger = logger
        self.start = start
        signal(SIGPIPE, SIG_IGN)
        signals = SignalPipe.open(for: [SIGTERM, SIGINT, SIGHUP, SIGCHLD])
    }

    /// Returns when all services have ended.
    func run() -> ExitReason {
        handle(.begin)
        while true {
            if let exitReason { return exitReason }
            waitForSomething()
        }
    }

    private var now: Duration { ContinuousClock.now - start }

    private func handle(_ event: Supervisor.Event) {
        for action in supervisor.handle(event, now: now) { perform(action) }
    }

    private func perform(_ action: Supervisor.Action) {
        switch action {
        case .start(let kind): startChild(kind)
        case .terminate(let kind): children[kind]?.process.terminate()
        case .kill(let kind): children[kind]?.process.kill()
        case .announceReady: printer.announce(Greeting(plan, after: now))
        case .report(let report): report.log(to: logger)
        case .finish(let reason): exitReason = reason
        }
    }
}

// MARK: - Waiting

extension ServeLoop {
    private func waitForSomething() {
        let kinds = Array(children.keys)
        var watched = [signals, readyEvents.reading].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        watched += kinds.map { pollfd(fd: children[$0]?.process.output ?? -1, events: Int16(POLLIN), revents: 0) }
        let count = poll(&watched, nfds_t(watched.count), timeoutMilliseconds)
        if count > 0 {
            for (kind, output) in zip(kinds, watched.dropFirst(2)) where output.revents != 0 { readOutput(kind) }
            if watched[1].revents != 0 { for event in readyEvents.take() { childIsReady(event) } }
            if watched[0].revents != 0 { readSignals() }
        }
        handle(.tick)
    }

    private var timeoutMilliseconds: Int32 {
        guard let deadline = supervisor.nextDeadline else { return -1 }
        // Rounded up: a wait that is too short would be repeated until it is not.
        return Int32(min(max((deadline - now) / .milliseconds(1), 0).rounded(.up), 60_000))
    }

    private func readSignals() {
        for number in SignalPipe.read(signals) where number != SIGCHLD { handle(.stopRequested) }
        // One SIGCHLD may stand for several children, and any signal may hide one when the pipe is full.
        for (kind, child) in children {
            guard let exit = child.process.collect() else { continue }
            childHasEnded(kind, exit)
        }
        ChildProcess.collectStrangers(except: Set(children.values.map(\.process.id)))
    }
}

// MARK: - Children

extension ServeLoop {
    private func startChild(_ kind: ServiceKind) {
        do {
            let process = try ChildProcess.start(
                executable: plan.executable(kind), environment: plan.environment(kind))
            let port = plan.ports.first { $0.kind == kind && $0.answersHealth }
            let probe = port.map { port in
                ReadinessProbe(port.target) { [readyEvents] in
                    readyEvents.add(ReadyEvent(kind: kind, processID: process.id))
                }
            }
            children[kind] = RunningChild(process: process, probe: probe)
        } catch {
            handle(.exited(kind, .notStarted(error.code)))
        }
    }

    private func childIsReady(_ event: ReadyEvent) {
        // It may have ended since, and another be in its place.
        guard children[event.kind]?.process.id == event.processID else { return }
        handle(.ready(event.kind))
    }

    private func childHasEnded(_ kind: ServiceKind, _ exit: ChildExit) {
        readOutput(kind)
        guard var child = children.removeValue(forKey: kind) else { return }
        if let rest = child.lines.finish() { printer.print(rest, of: kind) }
        child.probe?.cancel()
        child.process.close()
        handle(.exited(kind, exit))
    }

    private func readOutput(_ kind: ServiceKind) {
        guard let output = children[kind]?.process.output else { return }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(output, &buffer, buffer.count)
            guard count > 0 else { return }
            for line in children[kind]?.lines.append(buffer.prefix(count)) ?? [] { printer.print(line, of: kind) }
        }
    }
}

/// A service has said that it is ready.
private struct ReadyEvent: Sendable {
    let kind: ServiceKind
    let processID: pid_t
}

/// Hands events of the probes' threads to the loop's, and wakes it by a byte in a pipe.
private final class ReadyEvents: Sendable {
    let reading: Int32
    private let writing: Int32
    private let events = Mutex<[ReadyEvent]>([])

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "a process that cannot open a pipe cannot do anything")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (reading, writing) = (ends[0], ends[1])
    }

    func add(_ event: ReadyEvent) {
        events.withLock { $0.append(event) }
        var byte: UInt8 = 1
        _ = write(writing, &byte, 1)
    }

    func take() -> [ReadyEvent] {
        var bytes = [UInt8](repeating: 0, count: 16)
        while read(reading, &bytes, bytes.count) > 0 {}
        return events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}
