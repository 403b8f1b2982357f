import Testing

@testable import Mail

@Suite struct TemplateTests {
    private let url = "https://traces.example.com/x/reset-password-with-token?token=a.b-c&z=\"1\""

    @Test func theResetMailHasItsLinkWhereFiltersLook() {
        let mail = MailContent.passwordReset(url: url, minutes: 15, supportEmail: "help@example.com")
        #expect(mail.subject.hasPrefix("[Phoenix]"))
        #expect(
            mail.html.contains(
                "<a id=\"reset-url\" href=\"https://traces.example.com/x/reset-password-with-token?token=a.b-c&amp;z=&quot;1&quot;\""
            ))
        #expect(mail.text.contains("\n\(url)\n"))
        #expect(mail.text.contains("15 minutes"))
        #expect(mail.html.contains("help@example.com"))
    }

    @Test func theWelcomeMailShowsNamesAsText() {
        let mail = MailContent.welcome(name: "<script>Ada & Bob</script>", url: "https://x.example/login")
        #expect(mail.subject.hasPrefix("[Phoenix]"))
        #expect(mail.html.contains("<a id=\"welcome-url\" href=\"https://x.example/login\""))
        #expect(!mail.html.contains("<script>"))
        #expect(mail.html.contains("&lt;script&gt;Ada &amp; Bob"))
        #expect(mail.text.contains("<script>Ada & Bob</script>"))
    }
}
