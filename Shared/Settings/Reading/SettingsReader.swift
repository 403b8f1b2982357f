import Domain
import Identity

/// Reads variables, remembers what was in force and where it came from, and gathers what is wrong, so that an operator
/// sees every bad value at once.
///
/// After a bad value a reader returns the default (or something harmless): the settings are never used then.
struct SettingsReader {
    let environment: Environment
    let files: FileChecks
    private(set) var problems: [SettingsProblem] = []
    private var entries: [String: SettingsEntry] = [:]

    init(environment: Environment, files: FileChecks) {
        self.environment = environment
        self.files = files
    }

    /// What was read, in the order of the catalogue; then what families made, by name.
    var report: [SettingsEntry] {
        let listed = VariableCatalog.all.compactMap { entries[$0.name] }
        let names = Set(listed.map(\.variable.name))
        return listed
            + entries.values.filter { !names.contains($0.variable.name) }.sorted { $0.variable.name < $1.variable.name }
    }

    mutating func complain(_ variable: Variable, _ problem: String, remedy: String) {
        let value = variable.isSecret ? nil : environment[variable.name]
        problems.append(
            SettingsProblem(variable: variable.name, shownValue: value, problem: problem, remedy: remedy))
    }

    /// Enters what is in force for a variable whose value follows from others.
    mutating func enter(_ variable: Variable, shown: String, derivedFrom sources: [Variable]) {
        let provenance: Provenance =
            environment[variable.name] == nil ? .derived(from: sources.map(\.name)) : .environment
        entries[variable.name] = SettingsEntry(variable: variable, value: shown, provenance: provenance)
    }

    // MARK: One value

    mutating func boolean(_ variable: Variable) -> Bool? {
        read(variable) { text throws(ValueParser.Complaint) in try ValueParser.boolean(text) }
    }

    mutating func integer(_ variable: Variable) -> Int? {
        guard case .integer(let range) = variable.kind else { preconditionFailure("\(variable.name) is no integer") }
        return read(variable) { text throws(ValueParser.Complaint) in try ValueParser.integer(text, in: range) }
    }

    mutating func port(_ variable: Variable) -> Int? {
        read(variable) { text throws(ValueParser.Complaint) in try ValueParser.port(text) }
    }

    mutating func host(_ variable: Variable) -> String? {
        read(variable) { text throws(ValueParser.Complaint) in try ValueParser.host(text) }
    }

    mutating func choice(_ variable: Variable) -> String? {
        guard case .choice(let choices) = variable.kind else { preconditionFailure("\(variable.name) is no choice") }
        return read(variable) { text throws(ValueParser.Complaint) in try ValueParser.choice(text, of: choices) }
    }

    mutating func byteCount(_ variable: Variable) -> Int? {
        guard case .byteCount(let range) = variable.kind else { preconditionFailure("\(variable.name) is no count") }
        return read(variable) { text throws(ValueParser.Complaint) in try ValueParser.byteCount(text, in: range) }
    }

    mutating func decimal(_ variable: Variable) -> Double? {
        guard case .decimal(let range) = variable.kind else { preconditionFailure("\(variable.name) is no decimal") }
        return read(variable) { text throws(ValueParser.Complaint) in try ValueParser.decimal(text, in: range) }
    }

    mutating func rootPath(_ variable: Variable) -> String? {
        read(variable) { text throws(ValueParser.Complaint) in try ValueParser.rootPath(text) }
    }

    mutating func url(_ variable: Variable) -> String? {
        read(variable) { text throws(ValueParser.Complaint) in try ValueParser.url(text) }
    }

    mutating func email(_ variable: Variable) -> String? {
        read(variable) { text throws(ValueParser.Complaint) in try ValueParser.email(text) }
    }

    mutating func text(_ variable: Variable) -> String? {
        read(variable) { text throws(ValueParser.Complaint) in text }
    }

    /// A path with the home directory put in for `~`.
    mutating func path(_ variable: Variable) -> String? {
        let path = read(variable) { [files] text throws(ValueParser.Complaint) in files.expanding(text) }
        if let path, let entry = entries[variable.name] {
            entries[variable.name] = SettingsEntry(variable: variable, value: path, provenance: entry.provenance)
        }
        return path
    }

    mutating func secret(_ variable: Variable) -> Secret? {
        text(variable).map(Secret.init)
    }

    /// A secret that must satisfy the rules; every rule that is broken is named.
    mutating func signingSecret(_ variable: Variable) -> Secret? {
        guard let secret = secret(variable) else { return nil }
        let broken = SecretPolicy.check(secret)
        guard broken.isEmpty else {
            complain(
                variable, "does not make a safe secret: it \(broken.map(\.description).joined(separator: ", it "))",
                remedy: "set it to the output of, for example, `openssl rand -hex 32`")
            return nil
        }
        return secret
    }

    /// Checks a variable whose value is not used, so that a bad one does not lie in wait for the day when it is.
    mutating func check(_ variable: Variable) {
        switch variable.kind {
        case .boolean: _ = boolean(variable)
        case .integer: _ = integer(variable)
        case .decimal(let range):
            _ = read(variable) { text throws(ValueParser.Complaint) in try ValueParser.decimal(text, in: range) }
        case .port: _ = port(variable)
        case .host: _ = host(variable)
        case .choice: _ = choice(variable)
        case .byteCount: _ = byteCount(variable)
        case .rootPath: _ = rootPath(variable)
        case .url: _ = url(variable)
        case .email: _ = email(variable)
        case .signingSecret: _ = signingSecret(variable)
        case .text, .path: _ = text(variable)
        }
    }

    /// Checks every variable that is set and that nothing has read.
    mutating func checkUnread() {
        for variable in VariableCatalog.all where entries[variable.name] == nil {
            guard environment[variable.name] != nil, variable.support != .clientSide else { continue }
            check(variable)
        }
    }

    private mutating func read<Value>(
        _ variable: Variable, _ parse: (String) throws(ValueParser.Complaint) -> Value
    ) -> Value? {
        let given = environment[variable.name]
        guard let text = given ?? variable.defaultValue else {
            entries[variable.name] = SettingsEntry(variable: variable, value: nil, provenance: .default)
            return nil
        }
        do {
            let value = try parse(text)
            entries[variable.name] = SettingsEntry(
                variable: variable, value: variable.isSecret ? SettingsEntry.secret : text,
                provenance: given == nil ? .default : .environment)
            return value
        } catch {
            entries[variable.name] = SettingsEntry(variable: variable, value: nil, provenance: .environment)
            complain(variable, error.problem, remedy: error.remedy)
            return variable.defaultValue.flatMap { try? parse($0) }
        }
    }
}
