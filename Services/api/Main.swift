import ServiceRuntime

/// The front door: the browser application, REST, and the way to the other services.
@main
struct Main {
    static func main() async {
        await ServiceRuntime.run(.api) { context in
            let api = try API(context)
            return [api.writer, api.live, api.frontDoor, api.authWatch, api.http]
        }
    }
}
