@testable import Settings

/// Settings of nothing but the given variables, on a machine whose home is `/home/ada` and which has the given files.
func settings(_ variables: [String: String] = [:], files: Set<String> = []) throws(SettingsError) -> Settings {
    try Settings(
        Environment(variables), files: FileChecks(home: "/home/ada") { files.contains($0) })
}

/// The lines that a start with these variables ends with.
func problems(_ variables: [String: String], files: Set<String> = []) -> [String] {
    do {
        _ = try settings(variables, files: files)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

/// What is in force for a variable.
func entry(_ name: String, _ variables: [String: String] = [:]) throws -> SettingsEntry? {
    try settings(variables).report.first { $0.variable.name == name }
}

let goodSecret = "0123456789abcdef0123456789abcdef"
