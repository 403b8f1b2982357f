/// What one check has found.
struct Finding: Equatable, Sendable {
    enum Verdict: String, Sendable {
        case good = "ok"
        case warning
        case bad = "FAILED"
    }

    let subject: String
    let verdict: Verdict
    /// What was found and, unless it is good, what to do about it.
    let text: String

    static func good(_ subject: String, _ text: String) -> Finding {
        Finding(subject: subject, verdict: .good, text: text)
    }

    static func warning(_ subject: String, _ text: String) -> Finding {
        Finding(subject: subject, verdict: .warning, text: text)
    }

    static func bad(_ subject: String, _ text: String) -> Finding {
        Finding(subject: subject, verdict: .bad, text: text)
    }

    /// One line each, in three columns.
    static func text(_ findings: [Finding]) -> String {
        let subjects = findings.map(\.subject.count).max() ?? 0
        let verdicts = findings.map(\.verdict.rawValue.count).max() ?? 0
        return findings.map { finding in
            let subject = finding.subject + String(repeating: " ", count: subjects - finding.subject.count)
            let verdict =
                finding.verdict.rawValue + String(repeating: " ", count: verdicts - finding.verdict.rawValue.count)
            return "\(subject)  \(verdict)  \(finding.text)\n"
        }.joined()
    }
}
