import Foundation

/// Quoted JSON text as what it stands for.
enum JSONText {
    /// Empty where it is no JSON text.
    static func unescaped(_ quoted: some Collection<UInt8>) -> String {
        let value = try? JSONSerialization.jsonObject(with: Data(quoted), options: .fragmentsAllowed)
        return value as? String ?? ""
    }
}
