import Domain
import ServiceRuntime
import Settings
import Testing

@testable import bennu

@Suite struct ServePlanTests {
    private func plan(_ variables: [String: String] = [:], isInMemory: Bool = false) throws -> ServePlan {
        let environment = Environment(variables.merging(["HOME": "/home/ada"]) { $0 + $1 })
        return ServePlan(
            settings: try Settings(environment), environment: environment, executables: "/opt/bennu",
            isInMemory: isInMemory)
    }

    @Test func executablesAreSiblings() throws {
        #expect(try plan().executable(.api) == "/opt/bennu/bennu-api")
    }

    @Test func childrenKnowThatTheyAreSupervisedAndKeepEverythingElse() throws {
        let environment = try plan(["PHOENIX_PORT": "7000"]).environment(.api)
        #expect(environment["BENNU_SUPERVISED"] == "1")
        #expect(environment["PHOENIX_PORT"] == "7000")
        #expect(environment["HOME"] == "/home/ada")
    }

    @Test func aCrashIsReportedBrieflyUnlessSomebodyWantsMore() throws {
        #expect(try plan().environment(.api)["SWIFT_BACKTRACE"]?.contains("symbolicate=fast") == true)
        #expect(try plan(["SWIFT_BACKTRACE": "enable=no"]).environment(.api)["SWIFT_BACKTRACE"] == "enable=no")
    }

    @Test func authStaysOnLoopbackUnlessSomebodySaysOtherwise() throws {
        #expect(try plan().environment(.api)["BENNU_AUTH_HOST"] == "127.0.0.1")
        #expect(try plan(["BENNU_AUTH_HOST": "0.0.0.0"]).environment(.api)["BENNU_AUTH_HOST"] == "0.0.0.0")
        let port = try plan().ports.first { $0.kind == .auth }
        #expect(port?.host == "127.0.0.1")
    }

    @Test func metricsHaveAPortForEachServiceAndTheFrontDoorHasTheConfiguredOne() throws {
        let plan = try plan(["PHOENIX_ENABLE_PROMETHEUS": "true"])
        let ports = Dictionary(uniqueKeysWithValues: ServePlan.kinds.map { ($0, plan.metricsPort($0)) })
        #expect(ports == [.api: 9090, .collector: 9091, .auth: 9092, .mailer: 9093])
        #expect(plan.environment(.auth)["BENNU_METRICS_PORT"] == "9092")
        #expect(plan.ports.filter { $0.variable == "BENNU_METRICS_PORT" }.count == 4)
        #expect(try self.plan().ports.allSatisfy { $0.variable != "BENNU_METRICS_PORT" })
    }

    @Test func twoServicesOnOnePortAreRefused() throws {
        #expect(throws: StartFailure.self) { try plan(["PHOENIX_PORT": "4317"]).checkPortsDiffer() }
        let failure = #expect(throws: StartFailure.self) { try plan(["BENNU_AUTH_PORT": "6006"]).checkPortsDiffer() }
        #expect(failure?.line.contains("PHOENIX_PORT and BENNU_AUTH_PORT both come to port 6006") == true)
        #expect(failure?.code == .configuration)
        #expect(throws: StartFailure.self) {
            try plan(["PHOENIX_ENABLE_PROMETHEUS": "true", "BENNU_METRICS_PORT": "65535"]).checkPortsDiffer()
        }
        try plan().checkPortsDiffer()
    }

    @Test func aDatabaseInMemoryTakesNoSpoolAlong() throws {
        #expect(try plan(isInMemory: true).environment(.collector)["BENNU_SPOOL_BYTES"] == "0")
        #expect(try plan().environment(.collector)["BENNU_SPOOL_BYTES"] == nil)
    }

    @Test func peopleAreToldWhereToGo() throws {
        let text = Greeting(try plan(["PHOENIX_HOST_ROOT_PATH": "/x"]), after: .milliseconds(412)).text
        #expect(text.contains("is ready in 412 ms"))
        #expect(text.contains("http://localhost:6006/x\n"))
        #expect(text.contains("http://localhost:4317\n"))
        #expect(text.contains("http://localhost:6006/x/v1/traces\n"))
        #expect(text.contains("sqlite:////home/ada/.phoenix/phoenix.db"))
    }
}
