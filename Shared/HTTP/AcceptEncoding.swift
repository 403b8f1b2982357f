import HTTPTypes
import Hummingbird

/// What a client can decode (RFC 9110, section 12.5.3).
public enum AcceptEncoding {
    /// Whether it takes gzip, by name or by `*`. A weight of zero means no, and the name goes before the asterisk.
    public static func takesGzip(_ headers: HTTPFields) -> Bool {
        var weights: [Substring: Double] = [:]
        for part in (headers[.acceptEncoding] ?? "").lowercased().split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.trimmingPrefix { $0 == " " || $0 == "\t" } }
            guard let coding = pieces.first?.prefix(while: { $0 != " " && $0 != "\t" }) else { continue }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }
            weights[coding] = weight.map { Double($0.dropFirst(2).prefix { $0 != " " }) ?? 0 } ?? 1
        }
        return (weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0) > 0
    }
}
