import LineEditing

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

  /// Ends the process at once, the terminal restored.
  ///
  /// Not by `exit`, which takes the libraries apart: an interrupted decomposition may still be at work in one of them.
  static func leave(with status: Int32) -> Never {
    Terminal.withOriginalModes { _ = fflush(nil) }
    _exit(status)
  }
}
