/// The version of this program, as `CHANGELOG.md` counts it.
enum Version {
  static let number = "0.1.0"
}
