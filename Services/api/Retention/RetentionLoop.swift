import Domain
import Logging
import Observability
import ServiceLifecycle
import ServiceRuntime
import Storage

/// Removes what retention policies leave out, when their schedules say so. One replica does it at a time: the one that has
/// the lease.
///
/// A run is a row of small transactions with pauses between them, as long as the transactions themselves, so that others
/// get at least half of the writers' time. One that was stopped in between is begun again by whoever comes next: what it
/// had removed is gone, the rest is still there.
struct RetentionLoop: Service {
    private static let interval: Duration = .seconds(60)
    private static let lease = "retention"
    private static let leaseTime: Duration = .seconds(120)
    /// More spans of a trace may come for so long after the last one ended, in nanoseconds.
    private static let grace: Int64 = 10 * 60 * Timestamp.nanosecondsPerSecond

    let policies: RetentionPolicyRepository
    let leases: LeaseRepository
    let removal: @Sendable (_ projectID: Int64, _ rule: RetentionRule, _ now: Int64) -> RetentionRemoval
    /// Of the default policy where nobody has changed it.
    let defaultDays: Int?
    let instance: String
    let gate: DatabaseGate
    let metrics: MetricsRegistry
    let logger: Logger

    init(_ context: ServiceContext) {
        policies = RetentionPolicyRepository(database: context.database)
        leases = LeaseRepository(database: context.database)
        removal = { [database = context.database] project, rule, now in
            RetentionRemoval(database: database, projectID: project, rule: rule, now: now, grace: Self.grace)
        }
        defaultDays = context.settings.upkeep.retentionDays
        instance = context.instance
        gate = context.gate
        metrics = context.metrics
        logger = context.logger
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await gate.wait()
            while true {
                do {
                    try await runWhatIsDue(now: SystemClock.now())
                } catch let error as CancellationError {
                    throw error
                } catch {
                    logger.warning("retention was interrupted; it goes on in a minute", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: Self.interval)
            }
        }
    }

    private func runWhatIsDue(now: Int64) async throws {
        let due = try await policies.policies().filter { $0.isDue(at: now) }
        guard !due.isEmpty, try await holdsLease() else { return }
        do {
            for policy in due { try await run(policy, now: now) }
        } catch {
            // Told to stop: the next one need not wait until the lease ends.
            try? await Task { try await leases.release(Self.lease, holder: instance) }.value
            throw error
        }
        try await leases.release(Self.lease, holder: instance)
    }

    private func holdsLease() async throws -> Bool {
        try await leases.acquire(Self.lease, holder: instance, for: Self.leaseTime)
    }

    private func rule(of policy: RetentionPolicy) -> RetentionRule? {
        let rule = policy.rule ?? RetentionRule(maxDays: defaultDays.map(Double.init))
        return (rule.maxDays ?? 0) > 0 || rule.maxCount != nil ? rule : nil
    }

    private func run(_ policy: RetentionPolicy, now: Int64) async throws {
        guard let rule = rule(of: policy) else { return try await policies.finishRun(of: policy.id, begunAt: now) }
        let begin = ContinuousClock.now
        var (removed, projects) = (0, 0)
        var next: Int64 = 0
        while let project = try await policies.projectIDs(ofPolicy: policy.id, from: next, limit: 1).first {
            next = project + 1
            projects += 1
            guard let count = try await remove(from: project, rule, now: now) else {
                return logger.notice("another replica goes on with retention", metadata: ["policy": "\(policy.name)"])
            }
            removed += count
        }
        try await policies.finishRun(of: policy.id, begunAt: now)
        report(policy, removed: removed, projects: projects, begin.duration(to: .now))
    }

    /// Nil where the lease went to another replica in between.
    private func remove(from project: Int64, _ rule: RetentionRule, now: Int64) async throws -> Int? {
        var removed = 0
        var isOurs = try await holdsLease()
        guard isOurs else { return nil }
        var begin = ContinuousClock.now
        try await removal(project, rule, now).run { count in
            removed += count
            removedTraces.increment(by: count)
            try await Task.sleep(for: begin.duration(to: .now))
            isOurs = try await holdsLease()
            begin = .now
            return isOurs
        }
        return isOurs ? removed : nil
    }

    private var removedTraces: CounterMetric {
        metrics.counter("bennu_api_retention_traces_removed_total", "Traces that retention policies have removed.")
    }

    private func report(_ policy: RetentionPolicy, removed: Int, projects: Int, _ time: Duration) {
        metrics.counter("bennu_api_retention_runs_total", "Runs of retention policies that were carried through.")
            .increment()
        logger.info(
            "retention",
            metadata: [
                "policy": "\(policy.name)", "projects": "\(projects)", "traces_removed": "\(removed)",
                "time": "\(time)",
            ])
    }
}
