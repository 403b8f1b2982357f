import CMalloc
import Observability
import ServiceLifecycle

/// Gives memory that was freed back to the system.
///
/// glibc keeps it, in an arena for each thread, for as long as anything above it is in use: a collector that was
/// offered too much for ten minutes held 550 MiB afterwards, of which it used 46.
struct FreedMemory: Service {
    private static let interval: Duration = .seconds(2)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var schedule = Schedule()
            while true {
                try await Task.sleep(for: Self.interval)
                let before = ProcessMetrics.residentBytes()
                guard schedule.isDue(resident: before) else { continue }
                Self.giveBack()
                schedule.gaveBack(before: before, after: ProcessMetrics.residentBytes())
            }
        }
    }

    /// Has glibc keep what is freed until it is given back. Otherwise it hands each large body's pages back at once and
    /// asks for new ones for the next: 0.7 page faults a span, and a twentieth of what storing one costs.
    static func keepUntilGivenBack() {
        #if canImport(Glibc)
            mallopt(M_TRIM_THRESHOLD, 16 << 20)
            // What is larger than this is mapped, and unmapped when it is freed.
            mallopt(M_MMAP_THRESHOLD, 16 << 20)
        #endif
    }

    /// Has no effect with other C libraries, which do so by themselves.
    static func giveBack() {
        #if canImport(Glibc)
            malloc_trim(0)
        #endif
    }

    /// When it is worth the 10 to 50 ms that it takes at 500 MiB: when the process has grown, and, as what is freed does not
    /// show, now and then; ever more seldom where little was won.
    struct Schedule {
        static let growthBytes = Double(32 << 20)
        static let worthwhileBytes = Double(64 << 20)
        static let pauseMax = 8

        /// In calls of `isDue`.
        private var pause = 1
        private var waited = 0
        private var kept = Double.infinity

        mutating func isDue(resident: Double) -> Bool {
            waited += 1
            return waited >= pause || resident > kept + Self.growthBytes
        }

        mutating func gaveBack(before: Double, after: Double) {
            pause = before - after >= Self.worthwhileBytes ? 1 : min(pause * 2, Self.pauseMax)
            waited = 0
            kept = after
        }
    }
}
