import CLibFuzzer
import Foundation

/// Hands one target to libFuzzer: `FUZZ_TARGET=otlp-json Fuzz corpus/ -max_total_time=60`. All arguments are libFuzzer's.
@main
enum Main {
    private static let target = ProcessInfo.processInfo.environment["FUZZ_TARGET"].flatMap(FuzzTarget.init)

    static func main() {
        guard target != nil else {
            print("set FUZZ_TARGET to one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
            exit(64)
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { start, count in
                Main.target?.run(UnsafeRawBufferPointer(start: start, count: count))
                return 0
            })
    }
}
