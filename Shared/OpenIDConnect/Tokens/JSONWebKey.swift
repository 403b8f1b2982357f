import Crypto
import CryptoExtras
import Identity
import JMESPath

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A public key that a provider signs with (RFC 7517).
struct JSONWebKey: Sendable {
    enum Material: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case p521(P521.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
    }

    let id: String?
    /// The one algorithm that it is for, where the provider says so.
    let algorithm: String?
    let material: Material

    /// The keys of a set (section 5); those that are for something else, or that we do not know, are left out.
    static func keys(_ document: JSONValue) -> [JSONWebKey] {
        (document["keys"]?.array ?? []).prefix(100).compactMap(JSONWebKey.init)
    }

    private init?(_ value: JSONValue) {
        if let use = value["use"]?.string, use != "sig" { return nil }
        guard let material = try? Self.material(value) else { return nil }
        self.material = material
        id = value["kid"]?.string
        algorithm = value["alg"]?.string
    }

    private static func material(_ value: JSONValue) throws -> Material? {
        let bytes = { (name: String) in value[name]?.string.flatMap { Base64URL.decode($0) }.map { Data($0) } }
        switch (value["kty"]?.string, value["crv"]?.string) {
        case ("RSA", _):
            // Less than 2,048 bits is not to be relied on (RFC 7518, section 3.3).
            guard let modulus = bytes("n"), modulus.drop(while: { $0 == 0 }).count >= 256, let exponent = bytes("e")
            else { return nil }
            return .rsa(try _RSA.Signing.PublicKey(n: modulus, e: exponent))
        case ("EC", let curve?):
            guard let x = bytes("x"), let y = bytes("y"), x.count == y.count else { return nil }
            let point = Data([4]) + x + y
            switch curve {
            case "P-256": return .p256(try P256.Signing.PublicKey(x963Representation: point))
            case "P-384": return .p384(try P384.Signing.PublicKey(x963Representation: point))
            case "P-521": return .p521(try P521.Signing.PublicKey(x963Representation: point))
            default: return nil
            }
        case ("OKP", "Ed25519"?):
            return try bytes("x").map { .ed25519(try Curve25519.Signing.PublicKey(rawRepresentation: $0)) }
        default: return nil
        }
    }

    /// Whether the key may have made signatures of this kind.
    func fits(_ algorithm: SignatureAlgorithm, id: String?) -> Bool {
        if let id, self.id != id { return false }
        if let own = self.algorithm, own != algorithm.rawValue { return false }
        switch (material, algorithm) {
        case (.rsa, .rs256), (.rsa, .rs384), (.rsa, .rs512), (.rsa, .ps256), (.rsa, .ps384), (.rsa, .ps512): return true
        case (.p256, .es256), (.p384, .es384), (.p521, .es512), (.ed25519, .edDSA): return true
        default: return false
        }
    }

    /// Whether `signature` is of `message`; the key must fit the algorithm.
    func verifies(_ signature: [UInt8], of message: [UInt8], by algorithm: SignatureAlgorithm) -> Bool {
        let (signature, message) = (Data(signature), Data(message))
        switch material {
        case .rsa(let key):
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            switch algorithm {
            case .rs256:
                return key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
            case .rs384:
                return key.isValidSignature(signature, for: SHA384.hash(data: message), padding: .insecurePKCS1v1_5)
            case .rs512:
                return key.isValidSignature(signature, for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
            case .ps256: return key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .PSS)
            case .ps384: return key.isValidSignature(signature, for: SHA384.hash(data: message), padding: .PSS)
            case .ps512: return key.isValidSignature(signature, for: SHA512.hash(data: message), padding: .PSS)
            default: return false
            }
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case .p384(let key):
            guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case .p521(let key):
            guard let signature = try? P521.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case .ed25519(let key): return key.isValidSignature(signature, for: message)
        }
    }
}
