import Domain
import Testing

@testable import Identity

@Suite
struct PasswordTests {
    /// Quick enough for tests that do not ask for strength.
    private static let iterations = 100_000

    /// Computed by another implementation, with the salt 0, 1, 2, ….
    private static let stored =
        "$pbkdf2-sha256$i=600000$AAECAwQFBgcICQoLDA0ODw$8Kydn9zvf2BEr72C7ztadZhR4gUCvluz7Ti8pps4Sms"
    private static let legacyHash = "41cb20467d287180a624421e6ab59d60500457f0c5e04520b5042436b376f150"

    private func legacy() throws -> LegacyPasswordHash {
        let hash = try #require(Hex.decode(Self.legacyHash))
        return try #require(LegacyPasswordHash(salt: Array(0..<32), hash: hash))
    }

    @Test("The derivation gives what RFC 7914, section 11, says")
    func vectors() {
        let once = PBKDF2.derive(from: Secret("passwd"), salt: Array("salt".utf8), iterations: 1, count: 64)
        #expect(
            Hex.encode(once) == "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783")
        let often = PBKDF2.derive(from: Secret("Password"), salt: Array("NaCl".utf8), iterations: 80_000, count: 64)
        #expect(
            Hex.encode(often) == "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                + "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d")
    }

    @Test("A stored hash of another implementation is checked and written back the same")
    func stored() throws {
        let hash = try #require(PasswordHash(stored: Self.stored))
        #expect(hash.matches(Secret("correct-horse")))
        #expect(!hash.matches(Secret("correct-horsf")))
        #expect(hash.stored == Self.stored)
        #expect(!hash.isOutdated)
    }

    @Test("A new hash has today's strength, a salt of its own, and only its password matches")
    func fresh() {
        let hash = PasswordHash(hashing: Secret("pässword"))
        #expect(hash.iterations >= 600_000)
        #expect(hash.salt.count == 16)
        #expect(hash.salt != PasswordHash(hashing: Secret("pässword"), iterations: Self.iterations).salt)
        #expect(hash.matches(Secret("pässword")))
        #expect(!hash.matches(Secret("password")))
        #expect(PasswordHash(stored: hash.stored) == hash)
    }

    @Test(
        "A text that is no stored hash is not taken for one",
        arguments: [
            "", "admin", "$", "$$$$", "$pbkdf2-sha256$i=600000$AAECAwQFBgcICQoLDA0ODw$",
            "$pbkdf2-sha1$i=600000$AAECAwQFBgcICQoLDA0ODw$8Kydn9zvf2BEr72C7ztadZhR4gUCvluz7Ti8pps4Sms",
            "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$8Kydn9zvf2BEr72C7ztadZhR4gUCvluz7Ti8pps4Sms",
            "$pbkdf2-sha256$i=999999999999$AAECAwQFBgcICQoLDA0ODw$8Kydn9zvf2BEr72C7ztadZhR4gUCvluz7Ti8pps4Sms",
            "$pbkdf2-sha256$i=+600000$AAECAwQFBgcICQoLDA0ODw$8Kydn9zvf2BEr72C7ztadZhR4gUCvluz7Ti8pps4Sms",
            "$pbkdf2-sha256$i=600000$AAEC$8Kydn9zvf2BEr72C7ztadZhR4gUCvluz7Ti8pps4Sms",
            "$pbkdf2-sha256$i=600000$AAECAwQFBgcICQoLDA0ODw$8Kydn9zvf2BEr72C7ztadZhR4gUCvluz7Ti8pps4Sms$",
        ])
    func noHash(text: String) {
        #expect(PasswordHash(stored: text) == nil)
    }

    @Test("A hash of Phoenix is checked")
    func checksLegacy() throws {
        #expect(try legacy().matches(Secret("admin")))
        #expect(try !legacy().matches(Secret("Admin")))
        #expect(LegacyPasswordHash(salt: [1], hash: [2]) == nil)
    }

    @Test("The hasher judges every form in which a password is stored")
    func judges() async throws {
        let hasher = PasswordHasher(threads: 2, waitingMax: 10, iterations: 200_000)
        let password = Secret("correct-horse")
        let own = try await hasher.hash(password)
        #expect(try await hasher.check(password, against: .current(own)) == .right)
        #expect(try await hasher.check(Secret("wrong"), against: .current(own)) == .wrong)
        #expect(try await hasher.check(password, against: .none) == .wrong)
        #expect(try await hasher.check(Secret(""), against: .none) == .wrong)
        #expect(try await hasher.check(Secret("wrong"), against: .legacy(legacy())) == .wrong)
        let weak = PasswordHash(hashing: password, iterations: Self.iterations)
        for (typed, stored) in [(password, StoredPassword.current(weak)), (Secret("admin"), .legacy(try legacy()))] {
            guard case .rightButOutdated(let replacement) = try await hasher.check(typed, against: stored) else {
                Issue.record("not replaced")
                continue
            }
            #expect(replacement.iterations == 200_000)
            #expect(replacement.matches(typed))
        }
    }

    @Test("More passwords than may wait are refused at once, and room comes back")
    func overload() async throws {
        let hasher = PasswordHasher(threads: 1, waitingMax: 3, iterations: Self.iterations)
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    do {
                        _ = try await hasher.hash(Secret("x"))
                        return true
                    } catch {
                        #expect(error as? PasswordHasher.Overloaded != nil)
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.contains(true))
        #expect(results.contains(false))
        _ = try await hasher.hash(Secret("x"))
    }
}
