import CZeroMQ
import Domain
import Identity
import Testing

@Suite
struct CurveKeysTests {
    @Test("Derived public keys are the ones that ZeroMQ computes")
    func publicKeys() throws {
        let keys = CurveKeys.derived(from: Secret("a-deployment-secret-of-32-chars-1"))
        for pair in [keys.server, keys.client] {
            var secretText = [CChar](repeating: 0, count: 41)
            var publicText = [CChar](repeating: 0, count: 41)
            try #require(zmq_z85_encode(&secretText, pair.secretKey, 32) != nil)
            try #require(zmq_curve_public(&publicText, secretText) == 0)
            var publicKey = [UInt8](repeating: 0, count: 32)
            try #require(zmq_z85_decode(&publicKey, publicText) != nil)
            #expect(publicKey == pair.publicKey)
        }
    }
}
