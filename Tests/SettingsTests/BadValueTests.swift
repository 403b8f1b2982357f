import Testing

@testable import Settings

@Suite struct BadValueTests {
    @Test(arguments: [
        ("PHOENIX_PORT", "abc", "is no whole number"), ("PHOENIX_PORT", "0", "is out of range"),
        ("PHOENIX_PORT", "65536", "is out of range"), ("PHOENIX_PORT", "6006 ", "is no whole number"),
        ("PHOENIX_SMTP_PORT", "abc", "is no whole number"),
        ("PHOENIX_ENABLE_PROMETHEUS", "yes", "is no truth value"), ("PHOENIX_ENABLE_AUTH", "1", "is no truth value"),
        ("PHOENIX_HOST", "http://x", "is a URL, not a host"), ("PHOENIX_HOST", "localhost:6006", "has a port"),
        ("PHOENIX_HOST", "a b", "is no host"),
        ("PHOENIX_HOST_ROOT_PATH", "phoenix", "does not begin with a slash"),
        ("PHOENIX_HOST_ROOT_PATH", "/phoenix/", "ends with a slash"),
        ("PHOENIX_HOST_ROOT_PATH", "/", "ends with a slash"),
        ("PHOENIX_HOST_ROOT_PATH", "/a?b", "cannot have"), ("PHOENIX_HOST_ROOT_PATH", "/a//b", "cannot have"),
        ("PHOENIX_ROOT_URL", "traces.example.com", "is no URL"), ("PHOENIX_ROOT_URL", "ftp://x", "is no URL"),
        ("PHOENIX_LOGGING_LEVEL", "loud", "is none of its values"),
        ("PHOENIX_LOGGING_MODE", "json", "none of its values"),
        ("PHOENIX_CSRF_TRUSTED_ORIGINS", "https://a.example,b.example", "without scheme or host (\"b.example\")"),
        ("PHOENIX_ADMINS", "Ada", "without a name"), ("PHOENIX_ADMINS", "Ada=ada", "without a mail address"),
        ("PHOENIX_ADMINS", "Ada=a@b.c;Ada=d@e.f", "names somebody twice"),
        ("PHOENIX_ADMINS", "Ada=a@b.c;Bob=A@B.C", "names somebody twice"),
        ("BENNU_MAX_REQUEST_BYTES", "64 MB", "is no number of bytes"),
        ("BENNU_MAX_REQUEST_BYTES", "1", "is out of range"),
        ("BENNU_MESSAGING", "udp", "is none of its values"),
        ("PHOENIX_DEFAULT_RETENTION_POLICY_DAYS", "-1", "is out of range"),
        ("PHOENIX_DATABASE_ALLOCATED_STORAGE_CAPACITY_GIBIBYTES", "much", "is no number"),
        ("PHOENIX_SUPPORT_EMAIL", "nobody", "is no mail address"),
        ("PHOENIX_PROJECT_NAME", "  ", "is only white space"),
    ])
    func aBadValueEndsTheStartWithOneLineThatSaysWhatIsWrong(name: String, value: String, problem: String) {
        let lines = problems([name: value])
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("\(name)=\"\(value)\" ") == true)
        #expect(lines.first?.contains(problem) == true, "\(lines)")
        #expect(lines.first?.contains("\n") == false)
    }

    @Test func allBadValuesAreNamedAtOnce() {
        let lines = problems(["PHOENIX_PORT": "x", "PHOENIX_GRPC_PORT": "y", "PHOENIX_LOGGING_MODE": "z"])
        #expect(lines.count == 3)
    }

    @Test func aValueCannotBreakOutOfItsLine() {
        let lines = problems([
            "PHOENIX_PORT": "1\n2\u{1B}[31m\"", "PHOENIX_GRPC_PORT": String(repeating: "9", count: 5000),
        ])
        #expect(lines.allSatisfy { !$0.contains("\n") && !$0.contains("\u{1B}") && $0.count < 400 })
        #expect(lines.first?.contains(#"\n2\u{1b}[31m\""#) == true)
    }

    @Test(arguments: ["PHOENIX_PORT", "PHOENIX_GRPC_PORT", "BENNU_AUTH_PORT"])
    func theAddressThatKubernetesInjectsIsExplained(name: String) {
        let lines = problems([name: "tcp://10.0.0.1:6006"])
        #expect(lines.count == 1)
        #expect(lines.first?.contains("Kubernetes") == true)
        #expect(lines.first?.contains("enableServiceLinks: false") == true)
    }

    @Test(arguments: ["true", "TRUE", "True"]) func truthIsWrittenInAnyCase(value: String) throws {
        #expect(try settings(["PHOENIX_ENABLE_PROMETHEUS": value]).observability.servesMetrics)
    }

    @Test func bytesMayHaveAUnit() throws {
        #expect(try settings(["BENNU_MAX_REQUEST_BYTES": "2 MiB"]).ingest.requestBytesMax == 2 << 20)
        #expect(try settings(["BENNU_MAX_REQUEST_BYTES": "4096"]).ingest.requestBytesMax == 4096)
    }
}
