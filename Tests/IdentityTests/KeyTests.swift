import Domain
import Testing

@testable import Identity

@Suite
struct KeyTests {
    private let secret = Secret("a-deployment-secret-of-32-chars-1")

    @Test("The messaging keys are the same in every release: replicas of two versions talk to each other")
    func curveKeys() {
        let keys = CurveKeys.derived(from: secret)
        #expect(
            Hex.encode(keys.server.secretKey) == "90d72f1ef992b4edfe27d9585cdb2e781b800246529c29afd2e567a0bcb81e6c")
        #expect(
            Hex.encode(keys.client.secretKey) == "60099290a8508f211b9b13794adda5809371c1e12fa1e50530487ffd9bd5d955")
    }

    @Test("Keys of other secrets and of other purposes are other keys, and none is shown")
    func distinct() {
        let (keys, others) = (CurveKeys.derived(from: secret), CurveKeys.derived(from: Secret("another")))
        #expect(Set([keys, others].flatMap { [$0.server.publicKey, $0.client.publicKey] }).count == 4)
        #expect("\(keys.server)" == "(secret)")
        let bytes = { (purpose: String) in
            KeyDerivation.key(from: secret, purpose: purpose).withUnsafeBytes { Array($0) }
        }
        #expect(bytes("a") != bytes("b"))
        #expect(bytes("a") == bytes("a"))
        #expect(KeyDerivation.key(from: secret, purpose: "a", count: 64).bitCount == 512)
    }

    @Test("Base64url is read only as it is written")
    func base64URL() {
        for bytes in [[], [0xFB], [0xFB, 0xFF], [0xFB, 0xFF, 0xBF], [0, 1, 2, 3]] as [[UInt8]] {
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
        for text in ["+/+/", "-_-_=", "A", "AB", "AAB", "AA==", "é", "AA AA"] {
            #expect(Base64URL.decode(text) == nil, "\(text)")
        }
        #expect(Base64URL.decode("AA") == [0])
    }

    @Test("Comparison in constant time compares")
    func constantTime() {
        #expect(ConstantTime.isEqual([1, 2], [1, 2]))
        #expect(!ConstantTime.isEqual([1, 2], [1, 3]))
        #expect(!ConstantTime.isEqual([1], [1, 2]))
    }
}
