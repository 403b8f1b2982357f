import Domain
import Foundation
import Synchronization

/// Writes known traces and reads each of them back after some times.
final class CanaryRun: Sendable {
    /// What the run has seen so far.
    struct Counts: Sendable, Equatable {
        var written = 0
        /// Not acknowledged, and so not looked for.
        var refused = 0
        var checked = 0
        var missing = 0
        var incorrect = 0
        /// There, but only after the time in which they should have been.
        var late = 0
        /// Checks that got no answer.
        var unanswered = 0

        var isGood: Bool { written > 0 && missing + incorrect + late + unanswered == 0 }
    }

    struct Plan: Sendable {
        /// Between two traces.
        var interval: Duration
        /// How long traces are written; nil for one trace.
        var length: Duration?
        /// After which times each trace is read back.
        var ages: [Duration]
        /// How much later than that a trace may turn up and count as late, not as missing.
        var patience: Duration
    }

    private static let pause = Duration.milliseconds(200)

    private let client: CanaryClient
    private let plan: Plan
    private let say: @Sendable (String) -> Void
    private let counts = Mutex(Counts())

    init(client: CanaryClient, plan: Plan, say: @escaping @Sendable (String) -> Void) {
        self.client = client
        self.plan = plan
        self.say = say
    }

    /// Returns when all traces are written and read back.
    func run() async -> Counts {
        let run = UInt64.random(in: 1...UInt64.max)
        let end = ContinuousClock.now + (plan.length ?? .zero)
        await withTaskGroup(of: Void.self) { group in
            var number: UInt64 = 0
            var next = ContinuousClock.now
            repeat {
                number += 1
                let trace = CanaryTrace(run: run, number: number, startTime: SystemClock.now())
                group.addTask { await self.follow(trace) }
                next += plan.interval
                if next < end { try? await Task.sleep(until: next, clock: .continuous) }
            } while next < end && !Task.isCancelled
        }
        return counts.withLock { $0 }
    }

    /// Everything about one trace.
    private func follow(_ trace: CanaryTrace) async {
        do {
            try await client.write(trace)
        } catch {
            counts.withLock { $0.refused += 1 }
            return say("trace \(trace.traceID) was not taken: \(error)")
        }
        let written = ContinuousClock.now
        counts.withLock { $0.written += 1 }
        for age in plan.ages {
            try? await Task.sleep(until: written + age, clock: .continuous)
            await check(trace, age: age)
        }
    }

    private enum Verdict {
        case good
        case missing
        case incorrect([String])
        case unanswered(any Error)
    }

    private func check(_ trace: CanaryTrace, age: Duration) async {
        let deadline = ContinuousClock.now + plan.patience
        var verdict = await look(trace)
        let isLate = if case .good = verdict { false } else { true }
        while ContinuousClock.now < deadline {
            if case .good = verdict { break }
            try? await Task.sleep(for: Self.pause)
            verdict = await look(trace)
        }
        let what = "trace \(trace.traceID), \(age) after it was written,"
        counts.withLock { counts in
            counts.checked += 1
            switch verdict {
            case .good: counts.late += isLate ? 1 : 0
            case .missing: counts.missing += 1
            case .incorrect: counts.incorrect += 1
            case .unanswered: counts.unanswered += 1
            }
        }
        switch verdict {
        case .good: if isLate { say("\(what) is late") }
        case .missing: say("\(what) is missing")
        case .incorrect(let differences): say("\(what) is incorrect: \(differences.joined(separator: "; "))")
        case .unanswered(let error): say("\(what) could not be read: \(error)")
        }
    }

    /// By its id, in its project's and session's list, and by its sums.
    private func look(_ trace: CanaryTrace) async -> Verdict {
        do {
            let spans = try await client.spans(of: trace)
            guard !spans.data.isEmpty else { return .missing }
            let listed = try await client.traces(of: trace).data.filter { $0.traceID == trace.traceID.description }
            let differences =
                trace.differences(spans) + (listed.count == 1 ? [] : ["it is listed \(listed.count) times"])
                + trace.differences(try await client.sums(of: trace))
            return differences.isEmpty ? .good : .incorrect(differences)
        } catch CanaryClient.Failure.status(404, _), CanaryClient.Failure.missing {
            return .missing
        } catch {
            return .unanswered(error)
        }
    }
}

extension CanaryRun.Counts {
    /// In the text format of Prometheus.
    var metrics: String {
        let lines: [(String, String, Int)] = [
            ("written", "Traces that were acknowledged.", written),
            ("refused", "Traces that were not acknowledged.", refused),
            ("checked", "Times that a trace was read back.", checked),
            ("missing", "Times that a trace was not there.", missing),
            ("incorrect", "Times that a trace or its sums were not as written.", incorrect),
            ("late", "Times that a trace was there or right only later.", late),
            ("unanswered", "Times that the server did not answer.", unanswered),
        ]
        return lines.map { name, help, value in
            "# HELP bennu_canary_\(name)_total \(help)\n# TYPE bennu_canary_\(name)_total counter\n"
                + "bennu_canary_\(name)_total \(value)\n"
        }.joined()
    }
}
