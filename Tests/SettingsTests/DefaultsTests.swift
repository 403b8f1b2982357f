import Testing

@testable import Settings

@Suite struct DefaultsTests {
    @Test func nothingSetIsPhoenixOnSQLite() throws {
        let settings = try settings()
        #expect(settings.network.host == "0.0.0.0")
        #expect(settings.network.port == 6006)
        #expect(settings.network.grpcPort == 4317)
        #expect(settings.network.rootPath == "")
        #expect(settings.network.rootURL == "http://localhost:6006")
        #expect(settings.network.defaultProjectName == "default")
        #expect(settings.workingDirectory == "/home/ada/.phoenix")
        #expect(settings.database.shownLocation == "sqlite:////home/ada/.phoenix/phoenix.db")
        #expect(settings.accounts.isEnabled == false)
        #expect(settings.mail == nil)
        #expect(settings.tls.isEnabled == false)
        #expect(settings.observability.loggingLevel == .info)
        #expect(settings.observability.servesMetrics == false)
        #expect(settings.ingest.requestBytesMax == 64 << 20)
        #expect(settings.isSupervised == false)
        #expect(settings.warnings.isEmpty)
    }

    @Test func servicesFindEachOtherOnOneMachineWithoutBeingTold() throws {
        let settings = try settings(["BENNU_AUTH_PORT": "7007", "BENNU_COLLECTOR_HTTP_PORT": "7318"])
        #expect(settings.addresses.authURL == "http://127.0.0.1:7007")
        #expect(settings.addresses.collectorURL == "http://127.0.0.1:7318")
        #expect(settings.messaging == .ipc(directory: "/home/ada/.phoenix/run"))
    }

    @Test func anEmptyValueCountsAsNotSet() throws {
        #expect(try settings(["PHOENIX_PORT": "", "PHOENIX_HOST_ROOT_PATH": ""]).network.port == 6006)
    }

    @Test func theRootURLFollowsHostPortAndRootPath() throws {
        let settings = try settings([
            "PHOENIX_HOST": "::1", "PHOENIX_PORT": "80", "PHOENIX_HOST_ROOT_PATH": "/a/b",
        ])
        #expect(settings.network.rootURL == "http://[::1]:80/a/b")
    }

    @Test func aRootURLLosesItsLastSlash() throws {
        #expect(
            try settings(["PHOENIX_ROOT_URL": "https://traces.example.com/x/"]).network.rootURL
                == "https://traces.example.com/x")
    }

    @Test func homeIsPutInForTheTilde() throws {
        #expect(try settings(["PHOENIX_WORKING_DIR": "~/traces/"]).workingDirectory == "/home/ada/traces")
        #expect(problems(["PHOENIX_WORKING_DIR": "traces"]).count == 1)
    }

    @Test func everyServedVariableHasAnEntryWithItsDefault() throws {
        let report = try settings().report
        for variable in VariableCatalog.all where variable.support == .served {
            let entry = report.first { $0.variable == variable }
            #expect(entry != nil, "\(variable.name) is said to be served, and nothing reads it")
            guard let value = variable.defaultValue else { continue }
            #expect(entry?.value == value.replacing("~", with: "/home/ada"), "\(variable.name)")
        }
    }

    @Test func noVariableIsInTheCatalogueTwice() {
        let names = VariableCatalog.all.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
