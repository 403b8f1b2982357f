import ServiceRuntime

/// Outgoing mail: takes what waits in the outbox and hands it to the SMTP server.
@main
struct Main {
    static func main() async {
        await ServiceRuntime.run(.mailer) { context in
            let addresses = context.settings.addresses
            return [
                context.healthService(
                    host: addresses.mailerHost, port: addresses.mailerPort, variable: "BENNU_MAILER_PORT"),
                Mailer(context),
            ]
        }
    }
}
