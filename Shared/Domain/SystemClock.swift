#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// The time of day.
public enum SystemClock {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * Timestamp.nanosecondsPerSecond + Int64(time.tv_nsec)
    }
}
