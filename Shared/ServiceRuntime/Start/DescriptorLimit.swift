#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How many files and sockets this process may have open.
enum DescriptorLimit {
    /// Takes as many as the operator allows: systems start processes with 1,024, which a thousand idle clients use up.
    static func raise() {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }
}
