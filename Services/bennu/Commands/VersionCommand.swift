import ArgumentParser
import Domain

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the release.")

    func run() {
        print("bennu \(BennuVersion.text)")
    }
}
