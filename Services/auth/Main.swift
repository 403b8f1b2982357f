import ServiceRuntime

/// Accounts: sign-in, sessions and new passwords. Where authentication is off it is there, reachable and watched, and has
/// no other route.
@main
struct Main {
    static func main() async {
        await ServiceRuntime.run(.auth) { context in
            let settings = context.settings
            guard settings.accounts.isEnabled, let secret = settings.accounts.secret else {
                return try context.publicHealthServices(
                    host: settings.addresses.authHost, port: settings.addresses.authPort, variable: "BENNU_AUTH_PORT")
            }
            return try Auth(context, secret: secret).services
        }
    }
}
