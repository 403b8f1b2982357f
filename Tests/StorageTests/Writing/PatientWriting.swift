@testable import Storage

extension SpanWriter.Options {
    /// For tests of anything else than how long senders wait: a machine that is busy with other tests is no reason to refuse.
    static var patient: SpanWriter.Options {
        var options = SpanWriter.Options()
        options.answerWithin = .seconds(60)
        return options
    }
}
