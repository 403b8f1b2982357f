/// What is kept, and for how long.
public struct UpkeepSettings: Sendable, Hashable {
    /// How old traces may become where no retention policy says otherwise; nil for any age.
    public var retentionDays: Int?
    /// How long an annotation waits for its span, trace or session.
    public var annotationPatience: Duration
}

extension UpkeepSettings {
    init(_ reader: inout SettingsReader) {
        let days = reader.integer(.retentionDays) ?? 0
        retentionDays = days > 0 ? days : nil
        annotationPatience = .seconds(3600 * (reader.integer(.annotationWaitHours) ?? 24))
    }
}
