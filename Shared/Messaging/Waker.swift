#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A pipe that ends a thread's `poll`. The reading end belongs to that thread.
struct Waker: Sendable {
    let readDescriptor: Int32
    private let writeDescriptor: Int32

    init() throws(BusError) {
        var descriptors: [Int32] = [-1, -1]
        guard pipe(&descriptors) == 0 else {
            throw .transport("no pipe to wake the messaging thread: \(String(cString: strerror(errno)))")
        }
        for descriptor in descriptors {
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        readDescriptor = descriptors[0]
        writeDescriptor = descriptors[1]
    }

    /// Never blocks: a pipe that is full has woken its reader already.
    func wake() {
        var byte: UInt8 = 1
        while write(writeDescriptor, &byte, 1) < 0, errno == EINTR {}
    }

    /// Empties the pipe.
    func clear() {
        var bytes = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        let size = MemoryLayout.size(ofValue: bytes)
        while true {
            let count = read(readDescriptor, &bytes, size)
            if count < size, !(count < 0 && errno == EINTR) { return }
        }
    }

    func close() {
        closeDescriptor(readDescriptor)
        closeDescriptor(writeDescriptor)
    }
}

private func closeDescriptor(_ descriptor: Int32) {
    #if canImport(Glibc)
        _ = Glibc.close(descriptor)
    #else
        _ = Darwin.close(descriptor)
    #endif
}
