#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a process costs, under the names that all Prometheus clients use.
public enum ProcessMetrics {
    /// Has no effect where there is no `/proc`.
    public static func register(in registry: MetricsRegistry) {
        guard access("/proc/self/statm", R_OK) == 0 else { return }
        registry.gauge("process_resident_memory_bytes", "Resident memory size in bytes.") { residentBytes() }
        registry.gauge("process_open_fds", "Number of open file descriptors.") { openDescriptors() }
        registry.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.") {
            cpuSeconds()
        }
        let start = startTime()
        registry.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.") { start }
    }

    /// What the process has in memory, in bytes; not a number where there is no `/proc`.
    public static func residentBytes() -> Double {
        guard let file = fopen("/proc/self/statm", "re") else { return .nan }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return .nan }
        let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(
            separator: " ")
        guard fields.count > 1, let pages = Double(fields[1]) else { return .nan }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func openDescriptors() -> Double {
        guard let folder = opendir("/proc/self/fd") else { return .nan }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without `.`, `..` and the one that is just being read.
        return Double(count - 3)
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return .nan }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// When this was called: services call it as they start.
    private static func startTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
