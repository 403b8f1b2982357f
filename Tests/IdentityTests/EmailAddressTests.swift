import Testing

@testable import Identity

@Suite
struct EmailAddressTests {
    @Test("An address has one spelling: trimmed and in lowercase")
    func normalises() {
        #expect(EmailAddress(" \tAda.Lovelace@Example.COM\n")?.text == "ada.lovelace@example.com")
        #expect(EmailAddress("ÄDA@exämple.org")?.text == "äda@exämple.org")
        #expect(EmailAddress("Ada@Example.com") == EmailAddress("ada@example.com"))
        #expect(EmailAddress.normalise("  Nobody ") == "nobody")
        #expect(EmailAddress.normalise(" \n ") == "")
    }

    @Test("The built-in addresses are accepted without a dot")
    func builtIn() {
        #expect(EmailAddress("ADMIN@localhost") == .defaultAdmin)
        #expect(EmailAddress("system@localhost") == .system)
        #expect(EmailAddress("other@localhost") == nil)
    }

    @Test(
        "What does not look like x@y.z is no address",
        arguments: [
            "", "a", "@", "a@", "@b.c", "a@b", "a@b.", "a@.b", "a@b@c.d", "a b@c.d", "a@b .c", "a@b.c\u{2003}d",
        ])
    func refuses(text: String) {
        #expect(EmailAddress(text) == nil)
    }
}
