import LineEditing

/// Names of files and folders.
enum PathCompletion {
  /// What the last part of a path could be; the part that is replaced comes first.
  static func candidates(_ path: String) -> (prefix: String, [Completions.Candidate]) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let prefix = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let names = Folder.names(in: folder.isEmpty ? "." : folder.expandingTilde()) ?? []
    let shown = names.filter { name in
      name.hasPrefix(prefix) && (prefix.hasPrefix(".") || !name.hasPrefix("."))
        && !name.contains(where: \.isControl)
    }
    return (prefix, shown.map { Completions.Candidate($0, description: $0.hasSuffix("/") ? "folder" : "") })
  }
}

extension Character {
  fileprivate var isControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}
