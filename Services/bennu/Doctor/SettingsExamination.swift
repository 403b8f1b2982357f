import ServiceRuntime
import Settings

/// Looks at what the environment says.
enum SettingsExamination {
    static func findings(_ settings: Settings) -> [Finding] {
        var findings = settings.warnings.map { Finding.warning("settings", $0) }
        do {
            try ServerCertificate.check(settings.tls)
        } catch {
            findings.append(.bad("settings", error.line))
        }
        let count = settings.report.count { $0.provenance == .environment }
        if !findings.contains(where: { $0.verdict == .bad }) {
            findings.insert(.good("settings", "\(count) variables are set, and all values can be used"), at: 0)
        }
        return findings
    }
}
