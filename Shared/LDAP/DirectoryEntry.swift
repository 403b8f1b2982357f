/// An entry that a search found.
struct DirectoryEntry: Sendable, Equatable {
    var name: String
    /// By the attribute's name in lowercase.
    var values: [String: [[UInt8]]]

    func texts(_ attribute: String) -> [String] {
        (values[attribute.lowercased()] ?? []).compactMap { String(validating: $0, as: UTF8.self) }.filter {
            !$0.isEmpty
        }
    }

    /// A value that tells entries apart, as text. Active Directory's `objectGUID` is 16 bytes, the first three groups in
    /// little endian.
    func identifier(_ attribute: String) -> String? {
        guard let bytes = values[attribute.lowercased()]?.first, !bytes.isEmpty else { return nil }
        if attribute.lowercased() == "objectguid", bytes.count == 16 {
            let order = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15]
            return order.map { $0 < 0 ? "-" : Self.hexadecimal(bytes[$0]) }.joined()
        }
        return String(validating: bytes, as: UTF8.self) ?? bytes.map(Self.hexadecimal).joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
    }
}
