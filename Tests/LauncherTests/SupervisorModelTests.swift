import Domain
import ServiceRuntime
import Testing

@testable import bennu

/// Every sequence of events up to a length, with two services: whatever happens, in whatever order, some things hold.
@Suite struct SupervisorModelTests {
    /// What can happen next in the small world of the model.
    private enum Step: CaseIterable {
        case firstDies, firstBecomesReady, firstCannotRun
        case secondDies, secondBecomesReady
        case stopRequested
        case shortWait, longWait
    }

    /// Carries out the actions as the real loop does, and complains where they make no sense.
    private struct World {
        var supervisor = Supervisor([.auth, .api])
        var now = Duration.zero
        var alive: Set<ServiceKind> = []
        var stopAskedAt: Duration?
        var killed: Set<ServiceKind> = []
        var finished: ExitReason?
        var announcements = 0
        var complaints: [String] = []

        mutating func handle(_ event: Supervisor.Event) {
            guard finished == nil else { return }
            for action in supervisor.handle(event, now: now) { perform(action) }
        }

        mutating func perform(_ action: Supervisor.Action) {
            if finished != nil { complaints.append("\(action) after the end") }
            switch action {
            case .start(let kind):
                if !alive.insert(kind).inserted { complaints.append("\(kind) is started while it runs") }
                if stopAskedAt != nil { complaints.append("\(kind) is started while all stop") }
            case .terminate(let kind):
                if !alive.contains(kind) { complaints.append("\(kind) is asked to stop and does not run") }
                stopAskedAt = stopAskedAt ?? now
                if kind == .auth, alive.contains(.api), now - (stopAskedAt ?? now) < .seconds(2) {
                    complaints.append("auth is stopped before api")
                }
            case .kill(let kind):
                if !alive.contains(kind) { complaints.append("\(kind) is killed and does not run") }
                killed.insert(kind)
            case .announceReady: announcements += 1
            case .report: break
            case .finish(let reason):
                if !alive.isEmpty { complaints.append("the end, and \(alive) run") }
                finished = reason
            }
        }

        mutating func exit(_ kind: ServiceKind, _ exit: ChildExit) {
            guard alive.remove(kind) != nil else { return }
            handle(.exited(kind, exit))
        }

        /// Time passes as in the loop: never beyond a deadline without a tick.
        mutating func wait(_ time: Duration) {
            let end = now + time
            while let deadline = supervisor.nextDeadline, deadline <= end, finished == nil {
                now = max(now, deadline)
                handle(.tick)
                if supervisor.nextDeadline == deadline {
                    complaints.append("a deadline that has passed stays")
                    return
                }
            }
            now = end
        }

        mutating func take(_ step: Step) {
            switch step {
            case .firstDies: exit(.auth, .signal(11))
            case .firstBecomesReady: if alive.contains(.auth) { handle(.ready(.auth)) }
            case .firstCannotRun: exit(.auth, .code(ExitReason.configuration.rawValue))
            case .secondDies: exit(.api, .code(1))
            case .secondBecomesReady: if alive.contains(.api) { handle(.ready(.api)) }
            case .stopRequested:
                stopAskedAt = stopAskedAt ?? now
                handle(.stopRequested)
            case .shortWait: wait(.milliseconds(150))
            case .longWait: wait(.seconds(40))
            }
        }

        /// Both hang, whatever they are asked, until they are killed.
        mutating func end() {
            let asked = now
            stopAskedAt = stopAskedAt ?? now
            handle(.stopRequested)
            wait(.seconds(10))
            for kind in killed { exit(kind, .signal(9)) }
            if finished == nil { complaints.append("no end ten seconds after \(asked)") }
        }
    }

    @Test func nothingEverRunsTwiceOrOutlivesTheEnd() {
        var count = 0
        var pending: [(World, [Step])] = []
        var first = World()
        first.handle(.begin)
        pending.append((first, []))
        while let (world, steps) = pending.popLast() {
            count += 1
            var ended = world
            ended.end()
            if !ended.complaints.isEmpty || ended.announcements > 1 {
                Issue.record("\(steps): \(ended.complaints), \(ended.announcements) announcements")
                return
            }
            guard steps.count < 5 else { continue }
            for step in Step.allCases {
                var next = world
                next.take(step)
                pending.append((next, steps + [step]))
            }
        }
        #expect(
            count == (0...5).reduce(0) { sum, length in sum + (0..<length).reduce(1) { product, _ in product * 8 } })
    }
}
