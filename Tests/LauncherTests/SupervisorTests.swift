import Domain
import ServiceRuntime
import Testing

@testable import bennu

@Suite struct SupervisorTests {
    private static let kinds: [ServiceKind] = [.mailer, .auth, .collector, .api]
    private static let crash = ChildExit.signal(11)
    private static let done = ChildExit.code(0)

    private func running(ready: Bool = true, timing: Supervisor.Timing = .init()) -> Supervisor {
        var supervisor = Supervisor(Self.kinds, timing: timing)
        _ = supervisor.handle(.begin, now: .zero)
        if ready { for kind in Self.kinds { _ = supervisor.handle(.ready(kind), now: .seconds(1)) } }
        return supervisor
    }

    private func delay(_ actions: [Supervisor.Action]) -> Duration? {
        for case .report(.restarting(_, _, let delay)) in actions { return delay }
        return nil
    }

    @Test func allAreStartedInOrder() {
        var supervisor = Supervisor(Self.kinds)
        #expect(supervisor.handle(.begin, now: .zero) == Self.kinds.map { .start($0) })
    }

    @Test func readinessIsAnnouncedOnceWhenTheLastIsReady() {
        var supervisor = running(ready: false)
        for kind in Self.kinds.dropLast() { #expect(supervisor.handle(.ready(kind), now: .zero).isEmpty) }
        #expect(supervisor.handle(.ready(.api), now: .zero) == [.announceReady])
        #expect(supervisor.handle(.ready(.api), now: .zero).isEmpty)
    }

    @Test func oneThatDiesIsStartedAgainAfterItsPause() {
        var supervisor = running()
        let actions = supervisor.handle(.exited(.auth, Self.crash), now: .seconds(2))
        #expect(actions == [.report(.restarting(.auth, Self.crash, after: .milliseconds(100)))])
        #expect(supervisor.nextDeadline == .milliseconds(2100))
        #expect(supervisor.handle(.tick, now: .milliseconds(2099)).isEmpty)
        #expect(supervisor.handle(.tick, now: .milliseconds(2100)) == [.start(.auth)])
        #expect(supervisor.nextDeadline == nil)
        #expect(supervisor.handle(.ready(.auth), now: .seconds(3)) == [.report(.backInService(.auth))])
    }

    @Test func oneThatEndsWithoutBeingAskedToIsStartedAgainToo() {
        var supervisor = running()
        #expect(delay(supervisor.handle(.exited(.api, Self.done), now: .seconds(2))) == .milliseconds(100))
    }

    @Test func pausesDoubleUpToALimit() {
        var supervisor = running()
        var now = Duration.seconds(2)
        var delays: [Duration] = []
        for _ in 0..<10 {
            delays.append(delay(supervisor.handle(.exited(.api, Self.crash), now: now)) ?? .zero)
            now += .seconds(11)
            #expect(supervisor.handle(.tick, now: now) == [.start(.api)])
        }
        let expected: [Int64] = [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]
        #expect(delays == expected.map { .milliseconds($0) })
    }

    @Test func oneThatHasRunWellBeginsAnew() {
        var supervisor = running()
        for time in [2, 4, 6] {
            _ = supervisor.handle(.exited(.api, Self.crash), now: .seconds(time))
            _ = supervisor.handle(.tick, now: .seconds(time + 1))
        }
        _ = supervisor.handle(.ready(.api), now: .seconds(8))
        let actions = supervisor.handle(.exited(.api, Self.crash), now: .seconds(7 + 30))
        #expect(delay(actions) == .milliseconds(100))
    }

    @Test func oneThatNeverBecameReadyDoesNotBeginAnewHoweverLongItRan() {
        var supervisor = running()
        _ = supervisor.handle(.exited(.api, Self.crash), now: .seconds(2))
        _ = supervisor.handle(.tick, now: .seconds(3))
        #expect(delay(supervisor.handle(.exited(.api, Self.crash), now: .seconds(100))) == .milliseconds(200))
    }

    @Test(arguments: [ExitReason.usage, .newerSchema, .configuration])
    func whatARestartDoesNotCureEndsTheWhole(reason: ExitReason) {
        var supervisor = running()
        let exit = ChildExit.code(reason.rawValue)
        #expect(
            supervisor.handle(.exited(.auth, exit), now: .seconds(2)) == [
                .report(.cannotRun(.auth, exit)), .terminate(.api),
            ])
        #expect(supervisor.handle(.exited(.api, Self.done), now: .seconds(2)) == [.terminate(.collector)])
        #expect(supervisor.handle(.exited(.collector, Self.done), now: .seconds(2)) == [.terminate(.mailer)])
        #expect(supervisor.handle(.exited(.mailer, Self.done), now: .seconds(2)) == [.finish(reason)])
    }

    @Test func aPortThatIsTakenEndsTheWholeOnlyBeforeTheServiceEverHadIt() {
        let taken = ChildExit.code(ExitReason.unavailable.rawValue)
        var fresh = running(ready: false)
        #expect(fresh.handle(.exited(.auth, taken), now: .seconds(1)).first == .report(.cannotRun(.auth, taken)))
        var old = running()
        #expect(delay(old.handle(.exited(.auth, taken), now: .seconds(2))) == .milliseconds(100))
    }

    @Test func anExecutableThatCannotBeStartedEndsTheWholeAtFirstOnly() {
        var fresh = running(ready: false)
        let actions = fresh.handle(.exited(.auth, .notStarted(2)), now: .zero)
        #expect(actions.first == .report(.cannotRun(.auth, .notStarted(2))))
        var old = running()
        #expect(delay(old.handle(.exited(.auth, .notStarted(2)), now: .seconds(2))) == .milliseconds(100))
    }

    @Test func allStopInReverseEachAfterTheOneBefore() {
        var supervisor = running()
        #expect(supervisor.handle(.stopRequested, now: .seconds(5)) == [.report(.stopping), .terminate(.api)])
        #expect(supervisor.handle(.tick, now: .seconds(6)).isEmpty)
        #expect(supervisor.handle(.exited(.api, Self.done), now: .seconds(6)) == [.terminate(.collector)])
        #expect(supervisor.handle(.exited(.collector, Self.done), now: .seconds(6)) == [.terminate(.auth)])
        #expect(supervisor.handle(.exited(.auth, Self.done), now: .seconds(6)) == [.terminate(.mailer)])
        #expect(supervisor.handle(.exited(.mailer, Self.done), now: .seconds(6)) == [.finish(.success)])
    }

    @Test func oneThatIsSlowToStopHoldsUpTheNextOnlySoLong() {
        var supervisor = running()
        _ = supervisor.handle(.stopRequested, now: .seconds(5))
        #expect(supervisor.nextDeadline == .seconds(7))
        #expect(supervisor.handle(.tick, now: .seconds(7)) == [.terminate(.collector)])
        #expect(supervisor.handle(.exited(.collector, Self.done), now: .seconds(7)).isEmpty)
        #expect(supervisor.handle(.exited(.api, Self.done), now: .seconds(8)) == [.terminate(.auth)])
    }

    @Test func whoIsLeftAtTheDeadlineIsKilled() {
        var supervisor = running()
        _ = supervisor.handle(.stopRequested, now: .zero)
        for time in [2, 4, 6] { _ = supervisor.handle(.tick, now: .seconds(time)) }
        #expect(supervisor.handle(.tick, now: .seconds(8)).isEmpty)
        #expect(supervisor.nextDeadline == .milliseconds(9500))
        _ = supervisor.handle(.exited(.auth, Self.done), now: .seconds(9))
        #expect(
            supervisor.handle(.tick, now: .milliseconds(9500)) == [
                .report(.killing([.mailer, .collector, .api])), .kill(.mailer), .kill(.collector), .kill(.api),
            ])
        for kind in [ServiceKind.mailer, .collector] {
            #expect(supervisor.handle(.exited(kind, .signal(9)), now: .seconds(10)).isEmpty)
        }
        #expect(supervisor.handle(.exited(.api, .signal(9)), now: .seconds(10)) == [.finish(.failure)])
    }

    @Test func aSecondRequestKillsAtOnce() {
        var supervisor = running()
        _ = supervisor.handle(.stopRequested, now: .zero)
        #expect(supervisor.handle(.stopRequested, now: .seconds(1)).filter { $0 == .kill(.mailer) }.count == 1)
        #expect(supervisor.handle(.stopRequested, now: .seconds(1)).isEmpty)
    }

    @Test func oneThatWaitsToBeRestartedIsNotStartedAnyMore() {
        var supervisor = running()
        _ = supervisor.handle(.exited(.api, Self.crash), now: .seconds(2))
        #expect(supervisor.handle(.stopRequested, now: .seconds(2)) == [.report(.stopping), .terminate(.collector)])
        #expect(supervisor.handle(.tick, now: .seconds(3)).isEmpty)
    }

    @Test func aServiceThatDidNotFinishInTimeShowsInTheExitCode() {
        var supervisor = running()
        _ = supervisor.handle(.stopRequested, now: .zero)
        var last: [Supervisor.Action] = []
        for kind in Self.kinds.reversed() {
            last = supervisor.handle(.exited(kind, kind == .collector ? .code(1) : Self.done), now: .seconds(1))
        }
        #expect(last == [.finish(.failure)])
    }

    @Test func oneThatWasAskedToStopBeforeItListenedForThatIsNoFailure() {
        var supervisor = running()
        _ = supervisor.handle(.stopRequested, now: .zero)
        var last: [Supervisor.Action] = []
        for kind in Self.kinds.reversed() { last = supervisor.handle(.exited(kind, .signal(15)), now: .seconds(1)) }
        #expect(last == [.finish(.success)])
    }
}
