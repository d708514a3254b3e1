#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How much memory values may take: half of what this process can have.
enum MemoryLimit {
  static var standard: Int {
    let bounds = [physicalMemory, addressSpace, containerLimit].compactMap(\.self)
    return max(64 << 20, (bounds.min() ?? 4 << 30) / 2)
  }

  private static var physicalMemory: Int? {
    let (bytes, overflow) = sysconf(Int32(_SC_PHYS_PAGES))
      .multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE)))
    return overflow || bytes <= 0 ? nil : bytes
  }

  /// What `ulimit -v` leaves.
  private static var addressSpace: Int? {
    var limit = rlimit()
    #if canImport(Glibc)
      let result = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      let result = getrlimit(RLIMIT_AS, &limit)
    #endif
    guard result == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }

  /// What the container leaves, whose processes are killed beyond it.
  private static var containerLimit: Int? {
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      if let bytes = try? FileReader(limit: 4096).read(path) {
        let digits = String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber }
        if let limit = Int(digits) { return limit }
      }
    }
    return nil
  }
}
