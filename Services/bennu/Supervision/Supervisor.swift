import Domain
import ServiceRuntime

/// Decides when services are started, restarted and stopped. It does nothing itself: every event returns the actions that
/// the caller is to carry out, and times come in from outside.
///
///     let actions = supervisor.handle(.exited(.api, .signal(SIGKILL)), now: now)
///
/// - A service that ends is started again, soon at first and then ever more slowly; for one that has run well for a while
///   that begins anew.
/// - A service that says that another start would fail in the same way ends the whole.
/// - All are stopped in the reverse order of their start, each when the one before has ended or has had its share of time.
///   Whoever is left at the deadline is killed.
struct Supervisor {
    struct Timing: Equatable {
        var restartDelayMin = Duration.milliseconds(100)
        var restartDelayMax = Duration.seconds(10)
        /// A service that was ready and ran this long is no longer counted as failing.
        var stableAfter = Duration.seconds(30)
        /// How long the stop of one service holds up the next.
        var stopStep = Duration.seconds(2)
        /// How long the stop of all may take before the rest is killed.
        var stopLimit = Duration.milliseconds(9_500)
    }

    enum Event: Equatable {
        case begin
        case exited(ServiceKind, ChildExit)
        case ready(ServiceKind)
        /// Somebody wants everything to stop; the second time, at once.
        case stopRequested
        /// Time has passed: `nextDeadline` at least.
        case tick
    }

    enum Action: Equatable {
        case start(ServiceKind)
        /// Ask it to stop.
        case terminate(ServiceKind)
        case kill(ServiceKind)
        /// All services are ready, for the first time.
        case announceReady
        case report(Report)
        /// Everything has ended; so does the launcher.
        case finish(ExitReason)
    }

    /// What people are told.
    enum Report: Equatable {
        case restarting(ServiceKind, ChildExit, after: Duration)
        case backInService(ServiceKind)
        case cannotRun(ServiceKind, ChildExit)
        case stopping
        case killing([ServiceKind])
    }

    /// In the order of their start. Times are counted from any one point.
    private(set) var children: [Child]
    private var phase = Phase.running(hasBeenReady: false)
    private let timing: Timing

    struct Child: Equatable {
        let kind: ServiceKind
        var state = State.idle
        /// How often in a row it has ended without having run well.
        var failureCount = 0
        var hasBeenReady = false

        enum State: Equatable {
            case idle
            case running(since: Duration, isReady: Bool)
            case waiting(until: Duration)
            case stopping
        }

        /// There is a process.
        var isAlive: Bool {
            switch state {
            case .running, .stopping: true
            case .idle, .waiting: false
            }
        }
    }

    private enum Phase: Equatable {
        case running(hasBeenReady: Bool)
        /// `stepUntil` is when the next is asked to stop, whoever is still there.
        case stopping(reason: ExitReason, stepUntil: Duration, deadline: Duration)
        case killing(reason: ExitReason)
        case finished
    }

    /// `kinds` in the order of their start.
    init(_ kinds: [ServiceKind], timing: Timing = Timing()) {
        children = kinds.map { Child(kind: $0) }
        self.timing = timing
    }

    /// When a `tick` is due at the latest; nil while nothing waits for time to pass.
    var nextDeadline: Duration? {
        switch phase {
        case .running:
            children.compactMap { child in
                guard case .waiting(let until) = child.state else { return nil }
                return until
            }.min()
        case .stopping(_, let stepUntil, let deadline): min(stepUntil, deadline)
        case .killing, .finished: nil
        }
    }

    mutating func handle(_ event: Event, now: Duration) -> [Action] {
        switch event {
        case .begin: children.indices.map { start($0, now) }
        case .exited(let kind, let exit): exited(kind, exit, now)
        case .ready(let kind): ready(kind)
        case .stopRequested: stopRequested(now)
        case .tick: tick(now)
        }
    }
}

// MARK: - Running

extension Supervisor {
    private mutating func start(_ index: Int, _ now: Duration) -> Action {
        children[index].state = .running(since: now, isReady: false)
        return .start(children[index].kind)
    }

    private mutating func ready(_ kind: ServiceKind) -> [Action] {
        guard let index = index(of: kind), case .running(let since, false) = children[index].state else { return [] }
        let isBack = children[index].hasBeenReady
        children[index].state = .running(since: since, isReady: true)
        children[index].hasBeenReady = true
        guard case .running(let hasBeenReady) = phase else { return [] }
        if !hasBeenReady, children.allSatisfy(\.hasBeenReady) {
            phase = .running(hasBeenReady: true)
            return [.announceReady]
        }
        return isBack ? [.report(.backInService(kind))] : []
    }

    private mutating func exited(_ kind: ServiceKind, _ exit: ChildExit, _ now: Duration) -> [Action] {
        guard let index = index(of: kind), children[index].isAlive else { return [] }
        let last = children[index]
        children[index].state = .idle
        guard case .running = phase else {
            if !exit.isOrderly { blame() }
            return continueStopping(now)
        }
        if let reason = endsTheWhole(last, exit) {
            return [.report(.cannotRun(kind, exit))] + stop(reason, now)
        }
        if case .running(let since, true) = last.state, now - since >= timing.stableAfter {
            children[index].failureCount = 0
        }
        let delay = restartDelay(failureCount: children[index].failureCount)
        children[index].failureCount += 1
        children[index].state = .waiting(until: now + delay)
        return [.report(.restarting(kind, exit, after: delay))]
    }

    /// What another start would not cure. A port that is taken is such a thing only before the service ever had it.
    private func endsTheWhole(_ child: Child, _ exit: ChildExit) -> ExitReason? {
        if let reason = exit.reason, reason.isPermanent { return reason }
        guard !child.hasBeenReady else { return nil }
        if case .notStarted = exit { return .unavailable }
        return exit.reason == .unavailable ? .unavailable : nil
    }

    private func restartDelay(failureCount: Int) -> Duration {
        min(timing.restartDelayMin * (1 << min(failureCount, 16)), timing.restartDelayMax)
    }

    private mutating func tick(_ now: Duration) -> [Action] {
        guard case .running = phase else { return continueStopping(now) }
        return children.indices.compactMap { index in
            guard case .waiting(let until) = children[index].state, until <= now else { return nil }
            return start(index, now)
        }
    }

    private func index(of kind: ServiceKind) -> Int? { children.firstIndex { $0.kind == kind } }
}

// MARK: - Stopping

extension Supervisor {
    private mutating func stopRequested(_ now: Duration) -> [Action] {
        switch phase {
        case .running: [.report(.stopping)] + stop(.success, now)
        case .stopping(let reason, _, _): killAll(reason == .success ? .failure : reason)
        case .killing, .finished: []
        }
    }

    private mutating func stop(_ reason: ExitReason, _ now: Duration) -> [Action] {
        for index in children.indices {
            if case .waiting = children[index].state { children[index].state = .idle }
        }
        phase = .stopping(reason: reason, stepUntil: now, deadline: now + timing.stopLimit)
        return continueStopping(now)
    }

    private mutating func continueStopping(_ now: Duration) -> [Action] {
        guard children.contains(where: \.isAlive) else { return finish() }
        guard case .stopping(let reason, let stepUntil, let deadline) = phase else { return [] }
        guard now < deadline else { return killAll(reason == .success ? .failure : reason) }
        let isStepOver = now >= stepUntil || !children.contains { $0.state == .stopping }
        guard isStepOver else { return [] }
        guard let next = children.indices.last(where: { children[$0].isRunning }) else {
            // All have been asked; what is left to wait for is the deadline.
            phase = .stopping(reason: reason, stepUntil: deadline, deadline: deadline)
            return []
        }
        children[next].state = .stopping
        phase = .stopping(reason: reason, stepUntil: now + timing.stopStep, deadline: deadline)
        return [.terminate(children[next].kind)]
    }

    private mutating func killAll(_ reason: ExitReason) -> [Action] {
        let alive = children.filter(\.isAlive).map(\.kind)
        phase = .killing(reason: reason)
        return [.report(.killing(alive))] + alive.map { .kill($0) }
    }

    /// What did not end well is not to look as if it had.
    private mutating func blame() {
        guard case .stopping(.success, let stepUntil, let deadline) = phase else { return }
        phase = .stopping(reason: .failure, stepUntil: stepUntil, deadline: deadline)
    }

    private mutating func finish() -> [Action] {
        switch phase {
        case .stopping(let reason, _, _), .killing(let reason):
            phase = .finished
            return [.finish(reason)]
        case .running, .finished: return []
        }
    }
}

extension Supervisor.Child {
    fileprivate var isRunning: Bool {
        if case .running = state { true } else { false }
    }
}
