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
        static let worthwhileBytes = Double(8 << 20)
        static let pauseMax = 32

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
