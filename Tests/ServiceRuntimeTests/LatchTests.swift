import Testing

@testable import ServiceRuntime

@Suite struct LatchTests {
    @Test func everybodyWhoWaitsIsLetThrough() async throws {
        let latch = Latch()
        try await withThrowingTaskGroup { group in
            for _ in 0..<10 { group.addTask { try await latch.wait() } }
            latch.open()
            try await group.waitForAll()
        }
        #expect(latch.isOpen)
    }

    @Test func anOpenLatchHoldsNobodyUp() async throws {
        let latch = Latch()
        latch.open()
        latch.open()
        try await latch.wait()
    }

    @Test func oneWhoIsCancelledLeavesAloneThoseWhoAreNot() async throws {
        let latch = Latch()
        let patient = Task { try await latch.wait() }
        let impatient = Task { try await latch.wait() }
        impatient.cancel()
        await #expect(throws: CancellationError.self) { try await impatient.value }
        latch.open()
        try await patient.value
    }

    /// Opening and cancelling race from many sides; nobody may be forgotten, which would hang the test.
    @Test func nobodyIsForgottenInARace() async {
        for _ in 0..<500 {
            let latch = Latch()
            await withTaskGroup { group in
                let tasks = (0..<4).map { _ in Task { try await latch.wait() } }
                group.addTask { latch.open() }
                for task in tasks.prefix(2) { group.addTask { task.cancel() } }
                for task in tasks { group.addTask { _ = await task.result } }
            }
        }
    }
}
