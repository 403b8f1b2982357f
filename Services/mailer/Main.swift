import ServiceRuntime

/// Outgoing mail. In this release it is there, reachable and watched; nothing makes mail yet.
@main
struct Main {
    static func main() async {
        await ServiceRuntime.run(.mailer) { context in
            let addresses = context.settings.addresses
            return [
                context.healthService(
                    host: addresses.mailerHost, port: addresses.mailerPort, variable: "BENNU_MAILER_PORT")
            ]
        }
    }
}
