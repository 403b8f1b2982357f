import Testing

@testable import Settings

@Suite struct NameCheckTests {
    @Test(arguments: [
        ("PHOENIX_PROT", "PHOENIX_PORT"), ("PHOENIX_SQL_DATABSE_URL", "PHOENIX_SQL_DATABASE_URL"),
        ("PHOENIX_GRPC_PROT", "PHOENIX_GRPC_PORT"), ("PHOENIX_WORKING_DIRECTORY", "PHOENIX_WORKING_DIR"),
        ("BENNU_AUHT_URL", "BENNU_AUTH_URL"),
        ("PHOENIX_OAUTH2_GOOGLE_CLIENT_IDS", "PHOENIX_OAUTH2_GOOGLE_CLIENT_ID"),
        ("PHOENIX_OAUTH2_MY_IDP_ALLOWED_GRUOPS", "PHOENIX_OAUTH2_MY_IDP_ALLOWED_GROUPS"),
    ])
    func aMisspelledNameGetsASuggestion(name: String, suggestion: String) throws {
        let warnings = try settings([name: "1"]).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("\(name) ") == true)
        #expect(warnings.first?.hasSuffix("did you mean \(suggestion)?") == true, "\(warnings)")
    }

    @Test func aNameLikeNoneIsOnlyNamed() throws {
        let warnings = try settings(["PHOENIX_ZZZZZZZZZZZZZZZZZZZZ": "1"]).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("did you mean") == false)
    }

    @Test func namesWithoutEffectAreNamedOnceAndTogether() throws {
        let warnings = try settings([
            "PHOENIX_LOG_SQL": "true", "PHOENIX_AGENTS_MODEL": "x", "PHOENIX_OAUTH2_GRANT_EXPIRY_DAYS": "1",
        ]).warnings
        #expect(warnings.count == 1)
        for name in ["PHOENIX_LOG_SQL", "PHOENIX_AGENTS_MODEL", "PHOENIX_OAUTH2_GRANT_EXPIRY_DAYS"] {
            #expect(warnings.first?.contains(name) == true)
        }
    }

    @Test func clientsVariablesAndOtherProgramsAreNobodysBusiness() throws {
        let warnings = try settings([
            "PHOENIX_API_KEY": "k", "PHOENIX_CLIENT_HEADERS": "a=b", "PHOENIX_COLLECTOR_ENDPOINT": "http://x",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_WHATEVER": "x", "PATH": "/bin", "PHOENIX_UNSET": "",
            "PHOENIX_TELEMETRY_ENABLED": "false",
        ]).warnings
        #expect(warnings.isEmpty)
    }

    @Test func whatKubernetesSaysOfServicesIsNoMisspelling() throws {
        let warnings = try settings([
            "PHOENIX_SERVICE_HOST": "10.0.0.1", "PHOENIX_SERVICE_PORT": "6006", "PHOENIX_SERVICE_PORT_HTTP": "6006",
            "PHOENIX_PORT_6006_TCP": "tcp://10.0.0.1:6006", "PHOENIX_PORT_6006_TCP_ADDR": "10.0.0.1",
            "BENNU_COLLECTOR_PORT": "tcp://10.0.0.2:4317",
        ]).warnings
        #expect(warnings.isEmpty)
    }

    @Test func quotasOfProjectsAreReadOneByOne() throws {
        let ingest = try settings(["BENNU_PROJECT_QUOTAS": "shop=5MiB; a=b =10;free=0"]).ingest
        #expect(ingest.projectQuotas == ["shop": 5 << 20, "a=b": 10, "free": 0])
        #expect(throws: SettingsError.self) { try settings(["BENNU_PROJECT_QUOTAS": "shop"]) }
        #expect(throws: SettingsError.self) { try settings(["BENNU_PROJECT_QUOTAS": "shop=many"]) }
    }

    @Test func theBlockingThresholdIsAShareOfTheCapacity() throws {
        let names = [
            "PHOENIX_DATABASE_ALLOCATED_STORAGE_CAPACITY_GIBIBYTES": "10",
            "PHOENIX_DATABASE_USAGE_INSERTION_BLOCKING_THRESHOLD_PERCENTAGE": "50",
        ]
        #expect(try settings(names).ingest.databaseBytesMax == 5 << 30)
        #expect(try settings([:]).ingest.databaseBytesMax == nil)
    }

    @Test func aReplacedVariableSaysByWhat() throws {
        let warnings = try settings(["PHOENIX_MAX_SPANS_QUEUE_SIZE": "5"]).warnings
        #expect(warnings.first?.contains("BENNU_INGEST_QUEUE_BYTES") == true)
    }

    @Test(arguments: [
        ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abcd", 1), ("kitten", "sitting", 3),
    ])
    func distancesCountChanges(left: String, right: String, distance: Int) {
        #expect(EditDistance.between(left, right) == distance)
        #expect(EditDistance.between(right, left) == distance)
    }
}
