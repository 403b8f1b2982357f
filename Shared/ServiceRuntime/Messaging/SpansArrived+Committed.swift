import Messaging
import Storage

extension SpansArrived {
    /// What is told of a transaction.
    public init(_ spans: CommittedSpans) {
        let traces = spans.tracesByProject.values.joined().prefix(Self.traceIDsMax)
        self.init(projectIDs: spans.tracesByProject.keys.sorted(), traceIDs: traces.map(\.description))
    }
}
