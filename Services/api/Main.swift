import ServiceRuntime

/// The front door: the browser application, REST, and the way to the other services.
@main
struct Main {
    static func main() async {
        await ServiceRuntime.run(.api) { context in
            let api = try API(context)
            // They stop in reverse: open pages' streams must end before the server can wait for its requests.
            return [api.writer, api.textIndexing, api.annotationWaiting, api.retention, api.frontDoor] + api.http + [
                api.authWatch, api.live,
            ]
        }
    }
}
