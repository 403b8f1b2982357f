import Crypto
import Foundation
import Identity
import JMESPath
import Testing

@testable import OpenIDConnect

/// What a relying party must refuse (OpenID Connect Core 1.0, section 3.1.3.7, and the certification's tests).
@Suite struct IDTokenTests {
    private func refusal(
        _ changes: [String: String?] = [:], _ spoil: (inout FakeProvider.State) -> Void
    ) async throws -> OpenIDError? {
        let provider = FakeProvider()
        provider.state.withLock { spoil(&$0) }
        let client = try ProviderClient.make(provider, changes)
        do {
            _ = try await client.signIn()
            return nil
        } catch {
            return error
        }
    }

    @Test func aRightTokenIsTaken() async throws {
        let identity = try await ProviderClient.make(FakeProvider()).signIn()
        #expect(identity.subject == "ada-1" && identity.clientID == "bennu")
        #expect(identity.email.text == "ada@example.com" && identity.name == "Ada")
        #expect(identity.role == nil)
    }

    @Test(
        arguments: [
            ("iss", JSONValue.string("https://evil.example"), "another issuer"),
            ("iss", .null, "another issuer"),
            ("aud", .string("other"), "another client"), ("aud", .array([.string("other")]), "another client"),
            ("aud", .array([.string("bennu"), .string("other")]), "several clients"),
            ("azp", .string("other"), "by another client"),
            ("nonce", .string("n-2"), "nonce differs"), ("nonce", .null, "nonce differs"),
            ("exp", .integer(FakeProvider.start - 61), "expired"), ("exp", .null, "expired"),
            ("exp", .string("never"), "expired"),
            ("iat", .integer(FakeProvider.start + 61), "of the future"), ("iat", .null, "of the future"),
            ("nbf", .integer(FakeProvider.start + 600), "not hold yet"),
            ("sub", .string(""), "no subject"), ("sub", .integer(1), "no subject"),
            ("sub", .string(String(repeating: "x", count: 256)), "no subject"),
            ("at_hash", .string("AAAA"), "another access token"),
        ] as [(String, JSONValue, String)])
    func aClaimThatIsWrongIsRefused(name: String, value: JSONValue, reason: String) async throws {
        let error = try await refusal { $0.claims[name] = value == .null ? nil : value }
        #expect(error?.code == .failed)
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func aClockThatIsALittleOffIsForgiven() async throws {
        #expect(
            try await refusal {
                $0.claims["exp"] = .integer(FakeProvider.start - 59)
                $0.claims["iat"] = .integer(FakeProvider.start + 59)
            } == nil)
    }

    @Test func theRightHashAndPartyAreTaken() async throws {
        let hash = Base64URL.encode(Array(SHA256.hash(data: Data("at-1".utf8)).prefix(16)))
        #expect(
            try await refusal {
                $0.claims["at_hash"] = .string(hash)
                $0.claims["aud"] = .array([.string("bennu"), .string("other")])
                $0.claims["azp"] = .string("bennu")
            } == nil)
    }

    @Test(arguments: ["none", "None", "HS256", "HS512", "RS1", ""])
    func algorithmsWithoutAProvidersKeyAreRefused(name: String) async throws {
        let error = try await refusal { state in
            state.header["alg"] = .string(name)
            state.idToken = "\(FakeProvider.unsigned(state))."
        }
        #expect(error?.code == .failed)
    }

    /// A public key is no secret: who takes it for one lets anybody sign.
    @Test func aPublicKeyDoesNotPassForASharedSecret() async throws {
        let error = try await refusal { state in
            state.header["alg"] = .string("HS256")
            let message = FakeProvider.unsigned(state)
            let key = FakeProvider.publicKey(state)
            for bytes in [key.n, Data(FakeProvider.rsa.publicKey.pemRepresentation.utf8)] {
                let code = HMAC<SHA256>.authenticationCode(for: Data(message.utf8), using: SymmetricKey(data: bytes))
                state.idToken = "\(message).\(Base64URL.encode(Array(code)))"
            }
        }
        #expect(error?.code == .failed)
        #expect(error?.description.contains("algorithm") == true)
    }

    @Test func aStrangersSignatureIsRefused() async throws {
        let error = try await refusal { $0.signingKey = FakeProvider.strange }
        #expect(error?.description.contains("signature is wrong") == true)
    }

    @Test func anUnknownKeyIsRefused() async throws {
        let error = try await refusal { $0.header["kid"] = .string("two") }
        #expect(error?.description.contains("does not have") == true)
    }

    @Test func aKeyWithinTheTokenIsNotBelieved() async throws {
        let error = try await refusal { state in
            state.signingKey = FakeProvider.strange
            let key = FakeProvider.publicKey(state)
            state.header["jwk"] = .object([
                "kty": .string("RSA"), "n": .string(Base64URL.encode(Array(key.n))),
                "e": .string(Base64URL.encode(Array(key.e))),
            ])
        }
        #expect(error?.code == .failed)
    }

    @Test func changedClaimsAreRefused() async throws {
        let error = try await refusal { state in
            let signature = FakeProvider.token(state).split(separator: ".")[2]
            state.claims["sub"] = .string("root")
            state.idToken = "\(FakeProvider.unsigned(state)).\(signature)"
        }
        #expect(error?.description.contains("signature is wrong") == true)
    }

    @Test(arguments: ["", "a", "a.b", "a.b.c.d", "e30.e30.", "....", String(repeating: "a", count: 70_000)])
    func whatIsNoTokenIsRefused(text: String) async throws {
        #expect(try await refusal { $0.idToken = text }?.code == .failed)
    }

    @Test func anUnknownExtensionIsRefused() async throws {
        #expect(try await refusal { $0.header["crit"] = .array([.string("exp")]) }?.code == .failed)
    }

    @Test func signaturesThatTheProviderSaysItNeverMakesAreRefused() async throws {
        let error = try await refusal {
            $0.metadata["id_token_signing_alg_values_supported"] = .array([.string("ES256"), .string("HS256")])
        }
        #expect(error?.description.contains("never does") == true)
    }

    @Test func otherKindsOfSignaturesAreTaken() async throws {
        #expect(try await refusal { $0.header["alg"] = .string("PS256") } == nil)
        // One key of the right kind needs no name.
        #expect(try await refusal { $0.header["kid"] = nil } == nil)
    }
}

@Suite struct SignatureTests {
    @Test func ellipticCurvesAreVerified() throws {
        let key = P256.Signing.PrivateKey()
        let point = Array(key.publicKey.x963Representation.dropFirst())
        let document = JSONValue.object([
            "keys": .array([
                .object([
                    "kty": .string("EC"), "crv": .string("P-256"),
                    "x": .string(Base64URL.encode(Array(point.prefix(32)))),
                    "y": .string(Base64URL.encode(Array(point.suffix(32)))),
                ])
            ])
        ])
        let keys = JSONWebKey.keys(document)
        let message = Array("header.payload".utf8)
        let signature = Array(try key.signature(for: Data(message)).rawRepresentation)
        #expect(keys.count == 1 && keys[0].fits(.es256, id: nil) && !keys[0].fits(.rs256, id: nil))
        #expect(keys[0].verifies(signature, of: message, by: .es256))
        #expect(!keys[0].verifies(signature, of: message + [1], by: .es256))
        #expect(!keys[0].verifies([], of: message, by: .es256))
    }

    @Test func keysOfEdwardsCurvesAreVerified() throws {
        let key = Curve25519.Signing.PrivateKey()
        let document = JSONValue.object([
            "keys": .array([
                .object([
                    "kty": .string("OKP"), "crv": .string("Ed25519"),
                    "x": .string(Base64URL.encode(Array(key.publicKey.rawRepresentation))),
                ])
            ])
        ])
        let message = Array("m".utf8)
        let signature = Array(try key.signature(for: Data(message)))
        #expect(JSONWebKey.keys(document).first?.verifies(signature, of: message, by: .edDSA) == true)
    }

    @Test func keysThatAreForSomethingElseAreLeftOut() {
        let document = JSONValue.object([
            "keys": .array([
                .object(["kty": .string("oct"), "k": .string("AAAA")]),
                .object(["kty": .string("RSA"), "n": .string("AQAB"), "e": .string("AQAB")]),
                .object(["kty": .string("EC"), "crv": .string("P-256"), "x": .string("AA"), "y": .string("AA")]),
                .null, .string("x"),
            ])
        ])
        #expect(JSONWebKey.keys(document).isEmpty)
    }
}
