/// How much the collector takes in.
public struct IngestSettings: Sendable, Hashable {
    /// The largest request, before and after inflating.
    public var requestBytesMax: Int
    /// What may wait to be written, in bytes of decoded spans.
    public var queueBytesMax: Int
    /// What the spool's files may hold while the database does not answer; 0 for no spool.
    public var spoolBytesMax: Int
}

extension IngestSettings {
    init(_ reader: inout SettingsReader) {
        requestBytesMax = reader.byteCount(.requestBytesMax) ?? 64 << 20
        queueBytesMax = reader.byteCount(.ingestQueueBytes) ?? 128 << 20
        spoolBytesMax = reader.byteCount(.spoolBytes) ?? 1 << 30
    }
}
