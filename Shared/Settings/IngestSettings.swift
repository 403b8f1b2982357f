/// How much the collector takes in.
public struct IngestSettings: Sendable, Hashable {
    /// The largest request, before and after inflating.
    public var requestBytesMax: Int
    /// What may wait to be written, in bytes of decoded spans.
    public var queueBytesMax: Int
    /// What the spool's files may hold while the database does not answer; 0 for no spool.
    public var spoolBytesMax: Int
    /// What a project may send to one collector in a second, in bytes of decoded spans; nil for no limit.
    public var projectBytesPerSecond: Int?
    /// The same for projects that have a limit of their own; 0 for none.
    public var projectQuotas: [String: Int]
    /// The size of the database from which on writes that add data are refused, in bytes; nil for never.
    public var databaseBytesMax: Int64?
}

extension IngestSettings {
    init(_ reader: inout SettingsReader) {
        requestBytesMax = reader.byteCount(.requestBytesMax) ?? 64 << 20
        queueBytesMax = reader.byteCount(.ingestQueueBytes) ?? 128 << 20
        spoolBytesMax = reader.byteCount(.spoolBytes) ?? 1 << 30
        projectBytesPerSecond = reader.byteCount(.projectQuota).flatMap { $0 == 0 ? nil : $0 }
        projectQuotas = Self.quotas(&reader)
        let capacity = reader.decimal(.storageCapacity)
        let threshold = reader.decimal(.usageBlockingThreshold)
        if let capacity, let threshold {
            databaseBytesMax = Int64(capacity * threshold / 100 * Double(1 << 30))
        }
    }

    /// `name=bytes;name=bytes`. A project's name may hold anything but a semicolon, so the last `=` counts.
    private static func quotas(_ reader: inout SettingsReader) -> [String: Int] {
        var quotas: [String: Int] = [:]
        for part in (reader.text(.projectQuotas) ?? "").split(separator: ";") {
            let piece = String(part).trimmingSpaces
            guard let equals = piece.lastIndex(of: "="), equals > piece.startIndex else {
                reader.complain(
                    .projectQuotas, "has a part without a name and bytes (\(OneLine.quoted(piece)))",
                    remedy: "set it to parts such as shop=5MiB, separated by semicolons")
                continue
            }
            do throws(ValueParser.Complaint) {
                let bytes = try ValueParser.byteCount(
                    String(piece[piece.index(after: equals)...]).trimmingSpaces, in: 0...1_099_511_627_776)
                quotas[String(piece[..<equals]).trimmingSpaces] = bytes
            } catch {
                reader.complain(.projectQuotas, "has bytes that cannot be read: \(error.problem)", remedy: error.remedy)
            }
        }
        return quotas
    }
}
