import Domain
import Testing

@Suite("Timestamps")
struct TimestampTests {
    private static let samples: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00.000000+00:00"),
        (1_782_907_200_123_456_000, "2026-07-01T12:00:00.123456+00:00"),
        (951_782_400_000_000_000, "2000-02-29T00:00:00.000000+00:00"),
        (4_107_542_399_999_999_000, "2100-02-28T23:59:59.999999+00:00"),
        (-1_000_000_000, "1969-12-31T23:59:59.000000+00:00"),
        (-1_000, "1969-12-31T23:59:59.999999+00:00"),
    ]

    @Test("print and read alike", arguments: samples.indices)
    func printAndRead(index: Int) {
        let (nanoseconds, text) = Self.samples[index]
        #expect(Timestamp.iso8601(nanoseconds) == text)
        #expect(Timestamp.parseISO8601(text) == nanoseconds)
    }

    @Test("every form that clients send is read")
    func forms() {
        let noon: Int64 = 1_782_907_200_000_000_000
        for text in [
            "2026-07-01T12:00:00Z", "2026-07-01 12:00:00+00:00", "2026-07-01T12:00Z", "2026-07-01T14:00:00+02:00",
            "2026-07-01T07:30:00-0430", "2026-07-01T12:00:00", "2026-07-01T12:00:00.000000000Z",
        ] {
            #expect(Timestamp.parseISO8601(text) == noon, "\(text)")
        }
        #expect(Timestamp.parseISO8601("2026-07-01T12:00:00.5Z") == noon + 500_000_000)
        #expect(Timestamp.parseISO8601("2026-07-01T12:00:00.123456789Z") == noon + 123_456_789)
        #expect(Timestamp.parseISO8601("2026-07-01") == noon - 43_200_000_000_000)
    }

    @Test("what is no time is refused")
    func refused() {
        for text in [
            "", "2026", "2026-13-01", "2026-02-29", "2026-07-01T24:00:00", "2026-07-01T12:60", "2026-07-01T12:00:00+",
            "2026-07-01T12:00:00.Z", "2026-07-01T12:00:00Zjunk", "9999-01-01T00:00:00Z", "yesterday",
        ] {
            #expect(Timestamp.parseISO8601(text) == nil, "\(text)")
        }
    }

    @Test("an offset can be required")
    func offset() {
        #expect(Timestamp.parseISO8601("2026-07-01T12:00:00", requiresOffset: true) == nil)
        #expect(Timestamp.parseISO8601("2026-07-01T12:00:00Z", requiresOffset: true) != nil)
    }
}

@Suite("Latency buckets")
struct LatencyBucketTests {
    @Test(
        "a bucket stands for its latencies within five percent",
        arguments: [1_000, 12_345, 1_000_000, 987_654_321, 3_600_000_000_000] as [Int64])
    func precision(latency: Int64) {
        let middle = LatencyBucket.nanoseconds(index: LatencyBucket.index(nanoseconds: latency))
        #expect(abs(middle - Double(latency)) / Double(latency) < 0.05)
    }

    @Test("quantiles of added counts are those of all latencies together")
    func quantiles() throws {
        var counts: [Int64: Int64] = [:]
        for millisecond in 1...1000 {
            counts[LatencyBucket.index(nanoseconds: Int64(millisecond) * 1_000_000), default: 0] += 1
        }
        let median = try #require(LatencyBucket.quantile(0.5, counts: counts))
        #expect(abs(median / 1_000_000 - 500) < 30)
        let high = try #require(LatencyBucket.quantile(0.99, counts: counts))
        #expect(abs(high / 1_000_000 - 990) < 55)
        #expect(LatencyBucket.quantile(0.99, counts: [10: 1, 90: 1]) == LatencyBucket.nanoseconds(index: 90))
        #expect(LatencyBucket.quantile(0.5, counts: [10: 1, 90: 1]) == LatencyBucket.nanoseconds(index: 10))
        #expect(LatencyBucket.quantile(0.5, counts: [:]) == nil)
        #expect(LatencyBucket.quantile(0.5, counts: [3: 0]) == nil)
    }
}
