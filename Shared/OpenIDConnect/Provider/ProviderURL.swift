#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Addresses of a provider.
enum ProviderURL {
    /// Encrypted, or on this machine.
    static func isTrustworthy(_ text: String) -> Bool {
        guard let url = URL(string: text), let host = url.host(), url.user() == nil, url.fragment() == nil else {
            return false
        }
        switch url.scheme?.lowercased() {
        case "https": return true
        case "http": return ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host.lowercased())
        default: return false
        }
    }

    /// Lowercase; nil for what has none.
    static func host(_ text: String) -> String? { URL(string: text)?.host()?.lowercased() }

    /// Without its query, which may hold what nobody should see.
    static func shown(_ text: String) -> String { String(text.prefix { $0 != "?" }) }

    static func withoutSlashAtEnd(_ text: String) -> String { text.hasSuffix("/") ? String(text.dropLast()) : text }

    /// Names and values as forms and queries have them.
    static func encoded(_ parameters: [(String, String)]) -> String {
        parameters.map { "\(encoded($0))=\(encoded($1))" }.joined(separator: "&")
    }

    /// Everything but unreserved characters as its bytes (RFC 3986, section 2.3).
    static func encoded(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                output += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return output
    }
}
