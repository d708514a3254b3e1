#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the process tells its parent in the end; usage errors (64) are the argument parser's.
enum ExitStatus {
  static let success: Int32 = 0
  static let failure: Int32 = 1
  static let interrupted: Int32 = 130

  /// Ends the process, the terminal restored.
  static func leave(with status: Int32) -> Never { exit(status) }
}
