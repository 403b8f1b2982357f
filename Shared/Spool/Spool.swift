import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A write-ahead spool: requests that the database cannot take now are kept in files, durable before they are
/// acknowledged, and handed out again in order.
///
/// ```
/// <root>/0/lock            held by one process
/// <root>/0/00000007.spool  oldest: being drained, removed as a whole when all of it is stored
/// <root>/0/00000008.spool  sealed
/// <root>/0/00000009.spool  appended to
/// ```
///
/// A segment that was drained half-way when the process died is drained again from its start: a span that is stored
/// already is ignored, so that is harmless. Several processes may share `root`; each takes a folder of its own and
/// adopts those that a process left behind.
public final class Spool: Sendable {
    private static let groupRecordsMax = 64
    private static let groupBytesMax = 4 << 20

    private struct Segment {
        var number: UInt64
        var bytes: Int
        /// Up to where its records have been stored.
        var drained = SpoolFormat.magic.count
    }

    private struct Pending {
        let bytes: [UInt8]
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var sealed: [Segment] = []
        var active: (segment: Segment, descriptor: Int32)?
        var nextNumber: UInt64 = 1
        var pending: [Pending] = []
        var pendingBytes = 0
        var isAppending = false
        var isClosed = false
        var idleDrain: CheckedContinuation<Void, Never>?

        var bytesUsed: Int { sealed.reduce(0) { $0 + $1.bytes } + (active?.segment.bytes ?? 0) }
    }

    // What is drained again after a crash, span by span, since it is stored already.
    private static let segmentBytesMax = 8 << 20

    /// The folder that this process holds.
    public let directory: String
    private let root: String
    public let bytesMax: Int
    private let lock: Int32
    private let state: Mutex<State>
    // Blocking writes and fsync must not sit on the cooperative pool; one thread is all that a disk needs.
    private let queue = DispatchQueue(label: "bennu.spool")

    /// Takes a free folder below `root`, making both where missing, and finds what an earlier process left. A torn tail is
    /// cut off. `bytesMax` bounds the files.
    ///
    /// Throws `SpoolError.failed` where the file system refuses.
    public init(root: String, bytesMax: Int) throws {
        precondition(bytesMax > 0)
        self.bytesMax = bytesMax
        self.root = root
        try SpoolFiles.makeDirectory(root)
        (directory, lock) = try Self.claim(root)
        var state = State()
        let found = try Self.foundSegments(root: root, own: directory)
        defer { for lock in found.locks { _ = Glibc.close(lock) } }
        for path in found.paths {
            let sound = try Self.cutTornTail(path)
            guard sound > SpoolFormat.magic.count else {
                unlink(path)
                continue
            }
            let number = state.nextNumber
            state.nextNumber += 1
            // Found in order of their numbers, so a new number never lands on one that is still to be moved.
            try SpoolFiles.check(rename(path, "\(directory)/\(Self.name(number)).found"), "rename \(path)")
            state.sealed.append(Segment(number: number, bytes: sound))
        }
        for segment in state.sealed {
            let path = "\(directory)/\(Self.name(segment.number))"
            try SpoolFiles.check(rename("\(path).found", path), "rename \(path)")
        }
        try SpoolFiles.syncDirectory(directory)
        self.state = Mutex(state)
    }

    deinit {
        state.withLock { state in
            if let active = state.active { _ = Glibc.close(active.descriptor) }
        }
        _ = Glibc.close(lock)
    }

    /// What the files hold, of `bytesMax`.
    public var bytesUsed: Int { state.withLock { $0.bytesUsed } }

    public var isEmpty: Bool { bytesUsed == 0 }

    /// Returns when the record is on disk. Records that are given at the same time share one fsync.
    ///
    /// Throws `SpoolError` without having kept anything.
    public func append(_ record: SpoolRecord) async throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(record.body.count + 64)
        SpoolFormat.encode(record, into: &bytes)
        let encoded = bytes
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let refusal = admit(Pending(bytes: encoded, continuation: continuation))
            if let refusal { continuation.resume(throwing: refusal) }
        }
    }

    /// Hands out the oldest segment's records in order, some at a time so that they can be stored together, and removes the
    /// segment when `store` has returned for all. Waits while there is none; returns when one was drained, or once the
    /// spool was closed.
    ///
    /// What `store` throws is thrown on, and the segment stays to be drained from where it was: those that were stored
    /// before are not handed out again.
    public func drainOldest(_ store: ([SpoolRecord]) async throws -> Void) async throws {
        guard let segment = await oldestSegment() else { return }
        let path = "\(directory)/\(Self.name(segment.number))"
        let bytes = try SpoolFiles.read(path)
        var offset = segment.drained
        while case let records = Self.records(in: bytes, from: &offset), !records.isEmpty {
            try await store(records)
            remember(offset, of: segment)
        }
        try SpoolFiles.check(unlink(path), "unlink \(path)")
        state.withLock { state in
            state.sealed.removeAll { $0.number == segment.number }
        }
    }

    private func remember(_ offset: Int, of segment: Segment) {
        state.withLock { state in
            guard let index = state.sealed.firstIndex(where: { $0.number == segment.number }) else { return }
            state.sealed[index].drained = offset
        }
    }

    /// As many as may be in memory decoded at once, and one at least.
    private static func records(in bytes: [UInt8], from offset: inout Int) -> [SpoolRecord] {
        let start = offset
        var records: [SpoolRecord] = []
        while records.count < groupRecordsMax, offset - start < groupBytesMax,
            let (record, next) = bytes.withUnsafeBytes({ SpoolFormat.decode($0, at: offset) })
        {
            records.append(record)
            offset = next
        }
        return records
    }

    /// Keeps a record that can never be stored in a file of its own below `<root>/set-aside`, where it no longer holds up
    /// the others and an operator can look at it. Returns the file's path once it is on disk.
    public func setAside(_ record: SpoolRecord) async throws -> String {
        var bytes = SpoolFormat.magic
        SpoolFormat.encode(record, into: &bytes)
        let encoded = bytes
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.writeAside(encoded) }) }
        }
    }

    private func writeAside(_ bytes: [UInt8]) throws -> String {
        let folder = "\(root)/set-aside"
        try SpoolFiles.makeDirectory(folder)
        let taken = Set(try SpoolFiles.names(in: folder))
        let number = (1...).first { !taken.contains(Self.name(UInt64($0))) } ?? 1
        let path = "\(folder)/\(Self.name(UInt64(number)))"
        let descriptor = try SpoolFiles.open(path, O_RDWR | O_CREAT | O_EXCL)
        defer { _ = Glibc.close(descriptor) }
        try SpoolFiles.append(bytes, to: descriptor, at: 0)
        try SpoolFiles.syncDirectory(folder)
        return path
    }

    /// Refuses records from now on and lets `drainOldest` return.
    public func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.idleDrain = nil }
            return state.idleDrain
        }
        waiting?.resume()
    }

    public var isClosed: Bool { state.withLock { $0.isClosed } }

    private func admit(_ pending: Pending) -> SpoolError? {
        let (refusal, mustStart) = state.withLock { state -> (SpoolError?, Bool) in
            guard !state.isClosed else { return (.closed, false) }
            guard state.bytesUsed + state.pendingBytes + pending.bytes.count <= bytesMax else { return (.full, false) }
            state.pending.append(pending)
            state.pendingBytes += pending.bytes.count
            defer { state.isAppending = true }
            return (nil, !state.isAppending)
        }
        if mustStart { queue.async { self.appendPending() } }
        return refusal
    }

    /// Writes all that waits with one fsync, until nothing waits.
    private func appendPending() {
        while let group = nextGroup() {
            let result = Result { try write(group) }
            state.withLock { $0.pendingBytes -= group.reduce(0) { $0 + $1.bytes.count } }
            for pending in group { pending.continuation.resume(with: result) }
        }
    }

    /// What waits; nil where nothing does, which ends the appending and lets a waiting drain have the active segment.
    private func nextGroup() -> [Pending]? {
        let (group, drain) = state.withLock { state -> ([Pending], CheckedContinuation<Void, Never>?) in
            defer { state.pending = [] }
            guard state.pending.isEmpty else { return (state.pending, nil) }
            state.isAppending = false
            defer { state.idleDrain = nil }
            return ([], state.idleDrain)
        }
        drain?.resume()
        return group.isEmpty ? nil : group
    }

    private func write(_ group: [Pending]) throws {
        let active = try state.withLock { try activeSegment(&$0) }
        let bytes = group.flatMap(\.bytes)
        try SpoolFiles.append(bytes, to: active.descriptor, at: active.segment.bytes)
        let drain = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.active?.segment.bytes += bytes.count
            guard let active = state.active, active.segment.bytes >= Self.segmentBytesMax else { return nil }
            seal(&state)
            defer { state.idleDrain = nil }
            return state.idleDrain
        }
        drain?.resume()
    }

    private func activeSegment(_ state: inout State) throws -> (segment: Segment, descriptor: Int32) {
        if let active = state.active { return active }
        let path = "\(directory)/\(Self.name(state.nextNumber))"
        let descriptor = try SpoolFiles.open(path, O_RDWR | O_CREAT | O_EXCL)
        do {
            try SpoolFiles.append(SpoolFormat.magic, to: descriptor, at: 0)
            try SpoolFiles.syncDirectory(directory)
        } catch {
            _ = Glibc.close(descriptor)
            unlink(path)
            throw error
        }
        let active = (
            segment: Segment(number: state.nextNumber, bytes: SpoolFormat.magic.count), descriptor: descriptor
        )
        state.nextNumber += 1
        state.active = active
        return active
    }

    private func seal(_ state: inout State) {
        guard let active = state.active else { return }
        _ = Glibc.close(active.descriptor)
        state.sealed.append(active.segment)
        state.active = nil
    }

    private func oldestSegment() async -> Segment? {
        while true {
            let (segment, isClosed) = state.withLock { state -> (Segment?, Bool) in
                // An append under way holds the active segment's descriptor; it is sealed once that is done.
                if state.sealed.isEmpty, !state.isAppending { seal(&state) }
                return (state.sealed.first, state.isClosed)
            }
            if let segment, !isClosed { return segment }
            if isClosed { return nil }
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let mustWait = state.withLock { state in
                    let hasWork = !state.sealed.isEmpty || (state.active != nil && !state.isAppending)
                    guard !state.isClosed, !hasWork else { return false }
                    state.idleDrain = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        }
    }

    private static func name(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 12 - digits.count)) + digits + ".spool"
    }

    private static func claim(_ root: String) throws -> (directory: String, lock: Int32) {
        for slot in 0..<1024 {
            let directory = "\(root)/\(slot)"
            try SpoolFiles.makeDirectory(directory)
            if let lock = try SpoolFiles.lock(directory) { return (directory, lock) }
        }
        throw SpoolError.failed(operation: "claim a folder below \(root)", code: EBUSY)
    }

    /// The segments of this folder and of those that no process holds any more, oldest first. The folders' locks are
    /// held until the caller has moved their segments, so that no other process adopts them too.
    private static func foundSegments(root: String, own: String) throws -> (paths: [String], locks: [Int32]) {
        var paths: [String] = []
        var locks: [Int32] = []
        for slot in try SpoolFiles.names(in: root) where "\(root)/\(slot)" != own && Int(slot) != nil {
            guard let lock = try SpoolFiles.lock("\(root)/\(slot)") else { continue }
            locks.append(lock)
            paths += try segments(in: "\(root)/\(slot)")
        }
        return (paths + (try segments(in: own)), locks)
    }

    private static func segments(in directory: String) throws -> [String] {
        try SpoolFiles.names(in: directory).filter { $0.contains(".spool") }.map { "\(directory)/\($0)" }
    }

    private static func cutTornTail(_ path: String) throws -> Int {
        let bytes = try SpoolFiles.read(path)
        let sound = bytes.withUnsafeBytes { SpoolFormat.soundCount($0) }
        if sound < bytes.count { try SpoolFiles.check(truncate(path, off_t(sound)), "truncate \(path)") }
        return sound
    }
}
