import ArgumentParser
import Domain
import Foundation
import Mail
import ServiceRuntime
import Settings

struct MailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail", abstract: "Find out whether mail works.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a mail now, and say what the server answered.",
            discussion: "Uses PHOENIX_SMTP_*. Exit code 0 if the server has taken the mail, 1 if not.")

        @Option(help: "The address to send it to.")
        var to: String

        func run() async throws {
            try await CommandSupport.reporting {
                let settings = try Settings(.process)
                guard let mail = settings.mail else {
                    throw StartFailure("mail is off; set PHOENIX_SMTP_HOSTNAME to a mail server", .configuration)
                }
                print(try await Self.send(to: to, mail, url: settings.network.rootURL))
            }
        }

        private static func send(to recipient: String, _ mail: MailSettings, url: String) async throws -> String {
            let sender = SMTPSender(SMTPServer(mail))
            do {
                let message = try MailMessage(
                    from: MailAddress(mail.from), to: MailAddress(recipient), content: .test(url: url),
                    id: "bennu.test.\(UUID().uuidString.lowercased())", date: SystemClock.now())
                let receipt = try await sender.send(message)
                return "\(mail.host):\(mail.port) took it (\(receipt.encryption.rawValue)): \(receipt.answer)"
            } catch let failure as SMTPFailure {
                throw StartFailure("the mail was not sent: \(failure.reason)", .failure)
            } catch let unfit as MailMessage.UnfitAddress {
                throw StartFailure("\(unfit)", .usage)
            }
        }
    }
}

extension SMTPServer {
    fileprivate init(_ settings: MailSettings) {
        self.init(
            host: settings.host, port: settings.port, username: settings.username, password: settings.password,
            validatesCertificates: settings.validatesCertificates, issuersFile: settings.issuersFile)
    }
}
