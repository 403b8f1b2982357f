#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Standard input, output and error.
public enum StandardDescriptors {
    /// Opens those that the process was started without. Otherwise the next file to be opened would get such a number: a
    /// log line could end up in a database.
    public static func open() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one: those below are open by now.
            #if canImport(Glibc)
                _ = Glibc.open("/dev/null", O_RDWR)
            #else
                _ = Darwin.open("/dev/null", O_RDWR)
            #endif
        }
    }
}
