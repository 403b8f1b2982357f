import Domain

/// Base64 for URLs and tokens, without padding (RFC 4648, section 5; RFC 7515, section 2).
public enum Base64URL {
    public static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64.encode(bytes).utf8.compactMap { digit -> UInt8? in
            switch digit {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: digit
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Takes only the text that `encode` gives for some bytes: no padding, no other alphabet, no stray bits at the end.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var digits: [UInt8] = []
        for digit in text.utf8 {
            switch digit {
            case UInt8(ascii: "-"): digits.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): digits.append(UInt8(ascii: "/"))
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: digits.append(digit)
            }
        }
        while !digits.count.isMultiple(of: 4) { digits.append(UInt8(ascii: "=")) }
        guard let bytes = Base64.decode(String(decoding: digits, as: UTF8.self)), encode(bytes) == text else {
            return nil
        }
        return bytes
    }
}
