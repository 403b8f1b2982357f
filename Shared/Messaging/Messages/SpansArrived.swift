/// A collector has committed spans: whatever shows these projects may look again.
public struct SpansArrived: BusMessage {
    public static let topic = "spans-arrived"
    public static let version = 1

    /// The most trace ids that one message carries.
    public static let traceIDsMax = 100

    /// Rows of `projects`.
    public var projectIDs: [Int64]
    /// 32 hexadecimal digits each; the first hundred traces that got spans.
    public var traceIDs: [String]

    public init(projectIDs: [Int64], traceIDs: [String]) {
        self.projectIDs = projectIDs
        self.traceIDs = Array(traceIDs.prefix(Self.traceIDsMax))
    }
}
