import Domain
import Testing

@testable import Identity

@Suite
struct PolicyTests {
    @Test(
        "A secret is told every rule that it breaks",
        arguments: [
            ("abcdefghijklmnopqrstuvwxyz012345", []),
            ("", [.tooShort, .noDigit, .noLowercaseLetter]),
            ("abcdefghijklmnopqrstuvwxyz01234", [.tooShort]),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", [.noLowercaseLetter]),
            ("abcdefghijklmnopqrstuvwxyzabcdef", [.noDigit]),
            ("abcdefghijklmnopqrstuvwxyzabcde٣é", [.noDigit, .notASCII]),
            ("abcdefghijklmnopqrstuvwxyz 012345\n", [.whiteSpace]),
        ] as [(String, [SecretPolicy.Rule])])
    func secrets(text: String, broken: [SecretPolicy.Rule]) {
        #expect(SecretPolicy.check(Secret(text)) == broken)
    }

    @Test("What is wrong with a secret is said without it")
    func descriptions() {
        #expect(SecretPolicy.Rule.tooShort.description == "must have at least 32 characters")
        #expect(Set(SecretPolicy.Rule.allCases.map(\.description)).count == SecretPolicy.Rule.allCases.count)
    }

    @Test(
        "A password is told every rule that it breaks",
        arguments: [
            ("abcd", false, []),
            ("abc", false, [.tooShort]),
            ("", false, [.empty, .tooShort]),
            ("ab cd", false, [.whiteSpace]),
            ("abcdé", false, [.notASCII]),
            ("ab\u{A0}cd", false, [.whiteSpace, .notASCII]),
            ("Abcdefgh123!", true, []),
            ("Abcdefg123!", true, [.tooShort]),
            ("abcdefgh123!", true, [.noUppercaseLetter]),
            ("ABCDEFGH123!", true, [.noLowercaseLetter]),
            ("Abcdefghijk!", true, [.noDigit]),
            ("Abcdefgh1234", true, [.noSymbol]),
            ("Abcdefgh123-", true, [.noSymbol]),
            ("", true, [.empty, .tooShort, .noDigit, .noLowercaseLetter, .noUppercaseLetter, .noSymbol]),
        ] as [(String, Bool, [PasswordPolicy.Rule])])
    func passwords(text: String, isStrong: Bool, broken: [PasswordPolicy.Rule]) {
        #expect(PasswordPolicy(isStrong: isStrong).check(Secret(text)) == broken)
    }

    @Test("The length that is asked for is the one that is told")
    func lengths() {
        #expect(PasswordPolicy(isStrong: false).describe(.tooShort) == "must have at least 4 characters")
        #expect(PasswordPolicy(isStrong: true).describe(.tooShort) == "must have at least 12 characters")
    }
}
