import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes whole files or nothing: into a temporary one beside the target, which then takes its place.
struct FileWriter {
  /// Makes `bytes` the contents of the file at `path`, behind a link if it is one.
  ///
  /// - Throws: why it cannot be written; the file is then as it was.
  static func write(_ bytes: [UInt8], to path: String) throws(HostError) {
    if path.utf8.contains(0) { throw HostError("a path has no NUL character") }
    let target = resolvingLinks(path)
    let mode = try modeOfTarget(target)
    var template = Array((folder(of: target) + ".nnrepl-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .writing(errno) }
    do throws(HostError) {
      try fill(descriptor, with: bytes, mode: mode)
      guard rename(template, target) == 0 else { throw .writing(errno) }
    } catch {
      unlink(template)
      throw error
    }
    synchronizeFolder(of: target)
  }

  private static func fill(_ descriptor: Int32, with bytes: [UInt8], mode: mode_t) throws(HostError) {
    var error = bytes.withUnsafeBytes { StandardStreams.write($0, to: descriptor) }
    if error == 0, fchmod(descriptor, mode) != 0 { error = errno }
    if error == 0, fsync(descriptor) != 0 { error = errno }
    if close(descriptor) != 0, error == 0 { error = errno }
    if error != 0 { throw .writing(error) }
  }

  /// The permissions the file has, or a new one gets.
  private static func modeOfTarget(_ path: String) throws(HostError) -> mode_t {
    var status = stat()
    if lstat(path, &status) != 0 {
      if errno != ENOENT { throw .writing(errno) }
      let mask = umask(0)
      umask(mask)
      return 0o666 & ~mask
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      guard access(path, W_OK) == 0 else { throw .writing(errno) }
      return status.st_mode & 0o7777
    case S_IFDIR: throw HostError("it is a folder")
    default: throw HostError("it is not a regular file")
    }
  }

  private static func resolvingLinks(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The folder of a file with its slash, or nothing for the current one.
  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[...slash])
  }

  /// Makes the new name last through a loss of power, where the system can.
  private static func synchronizeFolder(of path: String) {
    let folder = folder(of: path)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

extension HostError {
  fileprivate static func writing(_ error: Int32) -> HostError {
    error == ENOENT ? HostError("there is no such folder") : HostError(StandardStreams.reason(error))
  }
}
