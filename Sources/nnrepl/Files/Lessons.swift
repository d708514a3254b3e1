#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The lessons that come with the program: scripts in `Scripts/lessons` of the folder it was built in.
enum Lessons {
  /// Their names, as `play` takes them.
  static var names: [String] {
    let files = (folder ?? (hasLesson(in: ".") ? "." : nil)).flatMap { Folder.names(in: $0) } ?? []
    return files.filter(isLesson).map { String($0.dropLast(3)) }
  }

  private static func hasLesson(in folder: String) -> Bool {
    Folder.names(in: folder)?.contains(where: isLesson) ?? false
  }

  /// Lessons are numbered: `1-backpropagation.nn`.
  private static func isLesson(_ file: String) -> Bool {
    let rest = file.drop(while: \.isNumber)
    return file.hasSuffix(".nn") && rest.count < file.count && rest.hasPrefix("-")
  }

  /// The file of a lesson.
  static func path(of name: String) -> String? {
    guard let folder, !name.contains("/") else { return nil }
    let path = folder + "/" + name + (name.hasSuffix(".nn") ? "" : ".nn")
    return Folder.hasFile(path) ? path : nil
  }

  /// `Scripts/lessons` in the nearest folder above the program that has it.
  private static let folder: String? = {
    guard var above = program?[...] else { return nil }
    while let slash = above.lastIndex(of: "/") {
      above = above[..<slash]
      let lessons = above + "/Scripts/lessons"
      if Folder.isFolder(String(lessons)) { return String(lessons) }
    }
    return nil
  }()

  /// The path of the program that runs.
  private static var program: String? {
    #if canImport(Glibc)
      let resolved = realpath("/proc/self/exe", nil)
    #else
      var size: UInt32 = 0
      _NSGetExecutablePath(nil, &size)
      var buffer = [CChar](repeating: 0, count: Int(size) + 1)
      guard _NSGetExecutablePath(&buffer, &size) == 0 else { return nil }
      let resolved = realpath(buffer, nil)
    #endif
    guard let resolved else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
