import NNLanguage

@main
struct Command {
  static func main() {}
}
