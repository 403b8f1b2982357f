import HTTP
import HTTPTypes
import Hummingbird
import Synchronization

/// How often an address may ask: a bucket of twelve requests each, into which one drops every five seconds. Each process
/// counts for itself.
final class AddressLimit: Sendable {
    private struct Bucket {
        var requests: Double
        var filledAt: ContinuousClock.Instant
    }

    private static let burst = 12.0
    private static let perSecond = 0.2

    private let entriesMax: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter entriesMax: how many addresses are remembered.
    init(entriesMax: Int = 10_000, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.entriesMax = entriesMax
        self.now = now
    }

    var entryCount: Int { buckets.withLock { $0.count } }

    /// False for one request too many.
    func takes(_ key: String) -> Bool {
        let now = now()
        return buckets.withLock { buckets in
            if buckets[key] == nil, buckets.count >= entriesMax { makeRoom(&buckets, now) }
            let requests = buckets[key].map { Self.requests(in: $0, now) } ?? Self.burst
            let isIn = requests >= 1
            buckets[key] = Bucket(requests: isIn ? requests - 1 : requests, filledAt: now)
            return isIn
        }
    }

    private static func requests(in bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        min(burst, bucket.requests + bucket.filledAt.duration(to: now) / .seconds(1) * perSecond)
    }

    /// Forgets full buckets, which are as good as none; where that is too little, the fuller half too, so that those who
    /// are refused stay refused.
    private func makeRoom(_ buckets: inout [String: Bucket], _ now: ContinuousClock.Instant) {
        buckets = buckets.filter { Self.requests(in: $0.value, now) < Self.burst }
        guard buckets.count >= entriesMax else { return }
        let emptiest = buckets.sorted { Self.requests(in: $0.value, now) < Self.requests(in: $1.value, now) }
        buckets = Dictionary(uniqueKeysWithValues: emptiest.prefix(entriesMax / 2).map { ($0.key, $0.value) })
    }
}

/// The limit of the routes by which people sign in, each route and address for itself.
struct RouteLimits: Sendable {
    /// Nil where `PHOENIX_DISABLE_RATE_LIMIT` says so.
    let limit: AddressLimit?

    /// Throws 429 (RFC 6585, section 4).
    func check<Context: RemoteAddressRequestContext>(
        _ request: Request, _ context: Context, _ route: String
    ) throws {
        guard let limit, !limit.takes("\(route) \(SenderAddress(request, context).network)") else { return }
        throw APIError(.tooManyRequests, "Too Many Requests", retryAfter: .seconds(5))
    }
}
