import ArgumentParser
import AsyncHTTPClient
import Domain
import Foundation
import ServiceRuntime

struct CanaryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "canary",
        abstract: "Write known traces to a Bennu, and check that they come back whole, on time and with right sums.",
        discussion: """
            Only public ports are used, so any Bennu will do. Each trace is read back by its id, in its project's and \
            session's list and by its sums. What is wrong goes to standard error, a line each; counts go to standard \
            output in Prometheus' format. An API key is taken from PHOENIX_API_KEY. Exit code 0 if every trace that \
            was acknowledged came back right each time, else 1.
            """)

    @Option(help: "The server's URL, root path included.")
    var url = "http://127.0.0.1:6006"

    @Option(name: .customLong("collector-url"), help: "Where traces are sent, if not to the same URL.")
    var collectorURL: String?

    @Option(help: "The project that the traces go to.")
    var project = "bennu-canary"

    @Option(help: "Seconds between two traces.")
    var interval = 1.0

    @Option(name: .customLong("check-after"), help: "Seconds after which a trace is read back, separated by commas.")
    var checkAfter = "1,60,3600"

    @Option(help: "Seconds that a trace may come later than that before it is missing.")
    var patience = 10.0

    @Option(name: .customLong("for"), help: "Seconds to write traces for; the checks that are due then are waited for.")
    var length = 60.0

    @Flag(help: "Write one trace only.")
    var once = false

    func validate() throws {
        guard ages != nil else { throw ValidationError("--check-after takes seconds, such as 1,60") }
        guard interval > 0, length >= 0, patience >= 0 else { throw ValidationError("seconds must not be negative") }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw ValidationError("--url must begin with http:// or https://")
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let http = HTTPClient()
        let key = ProcessInfo.processInfo.environment["PHOENIX_API_KEY"].flatMap { $0.isEmpty ? nil : Secret($0) }
        let client = CanaryClient(
            url: Self.trimmed(url), collectorURL: Self.trimmed(collectorURL ?? url), project: project, token: key,
            http: http)
        let plan = CanaryRun.Plan(
            interval: .seconds(interval), length: once ? nil : .seconds(length), ages: ages ?? [],
            patience: .seconds(patience))
        let counts = await CanaryRun(client: client, plan: plan) { line in
            FileHandle.standardError.write(Data("bennu canary: \(line)\n".utf8))
        }.run()
        try? await http.shutdown()
        print(counts.metrics, terminator: "")
        if !counts.isGood { throw ExitCode(ExitReason.failure.rawValue) }
    }

    private var ages: [Duration]? {
        let seconds = checkAfter.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard !seconds.isEmpty, seconds.allSatisfy({ $0.map { $0 >= 0 && $0.isFinite } ?? false }) else { return nil }
        return seconds.compactMap { $0 }.sorted().map { .seconds($0) }
    }

    private static func trimmed(_ url: String) -> String {
        url.hasSuffix("/") ? String(url.dropLast()) : url
    }
}
