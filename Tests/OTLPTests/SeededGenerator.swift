import Foundation

/// Random numbers that a printed seed brings back (SplitMix64, Steele et al. 2014).
struct SeededGenerator: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    /// Takes the seed from `BENNU_TEST_SEED`, else a new one, and prints it.
    init(_ purpose: String) {
        seed =
            ProcessInfo.processInfo.environment["BENNU_TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
        state = seed
        print("\(purpose): SEED=\(seed)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
