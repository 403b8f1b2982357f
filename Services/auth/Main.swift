import ServiceRuntime

/// Accounts. In this release it is there, reachable and watched; sign-in comes with its own routes.
@main
struct Main {
    static func main() async {
        await ServiceRuntime.run(.auth) { context in
            let addresses = context.settings.addresses
            return try context.publicHealthServices(
                host: addresses.authHost, port: addresses.authPort, variable: "BENNU_AUTH_PORT")
        }
    }
}
