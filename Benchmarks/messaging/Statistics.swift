import Foundation

/// Delays in nanoseconds.
struct Delays {
    private let sorted: [UInt64]

    init(_ delays: [UInt64]) {
        sorted = delays.sorted()
    }

    /// In microseconds.
    func quantile(_ part: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        return Double(sorted[min(sorted.count - 1, Int(part * Double(sorted.count)))]) / 1_000
    }

    var text: String {
        String(format: "median %.0f µs, p99 %.0f µs", quantile(0.5), quantile(0.99))
    }
}

func nanoseconds() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

func perSecond(_ count: Int, since start: UInt64) -> String {
    String(format: "%.0f/s", Double(count) / (Double(nanoseconds() - start) / 1e9))
}

/// A line of the result, seen at once also through a pipe.
func report(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
