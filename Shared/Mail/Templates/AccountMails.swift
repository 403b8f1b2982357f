extension MailContent {
    /// For somebody who has forgotten a password. `url` holds a token that is good once, for `minutes`.
    public static func passwordReset(url: String, minutes: Int, supportEmail: String? = nil) -> MailContent {
        let time = minutes == 1 ? "one minute" : "\(minutes) minutes"
        let page = MailPage(
            title: "Choose a new password",
            preview: "The link works once, for \(time).",
            paragraphs: [
                "Somebody, you we hope, has asked for a new password for your account.",
                "This link lets you choose one. It works once, for \(time).",
            ],
            link: .init(id: "reset-url", label: "Choose a new password", url: url),
            closing: ["If it was not you, do nothing: your password stays as it is."] + contact(supportEmail))
        return MailContent(subject: "[Phoenix] Choose a new password", text: page.text, html: page.html)
    }

    /// For somebody who has just been given an account.
    public static func welcome(name: String, url: String, supportEmail: String? = nil) -> MailContent {
        let page = MailPage(
            title: "Welcome, \(name)",
            preview: "An account has been made for you.",
            paragraphs: [
                "Hello \(name),", "an account has been made for you. This link leads to where you sign in.",
            ],
            link: .init(id: "welcome-url", label: "Sign in", url: url),
            closing: contact(supportEmail))
        return MailContent(subject: "[Phoenix] Welcome", text: page.text, html: page.html)
    }

    /// For an operator who wants to know whether mail works.
    public static func test(url: String) -> MailContent {
        let page = MailPage(
            title: "Mail works",
            preview: "Sent by bennu mail test.",
            paragraphs: [
                "This mail was sent by `bennu mail test`. Whoever gets it can get links for new passwords, too."
            ],
            link: .init(id: "root-url", label: "Open Bennu", url: url),
            closing: [])
        return MailContent(subject: "[Phoenix] Mail works", text: page.text, html: page.html)
    }

    private static func contact(_ supportEmail: String?) -> [String] {
        supportEmail.map { ["Questions? Write to \($0)."] } ?? []
    }
}
