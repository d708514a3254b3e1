import Testing

@testable import nnrepl

/// Plain command lines go past the argument parser; they must mean what it would make of them.
struct JobTests {
  @Test(arguments: [
    [], ["a.nn"], ["a.nn", "-e", "1"], ["-"], ["-", "x"], ["-e", "1"], ["-e", "-1", "-e", "2"],
    ["-e", "1", "a", "--help"], ["a.nn", "--", "-x"], ["-e", "1", "-"], ["-q"], ["--quiet", "--no-init"],
    ["-i", "a.nn"],
    ["-i", "-e", "1"], ["-e", "1", "-i"], ["--play", "a.nn"], ["-q", "--play", "a.nn", "b.nn"],
    ["-q", "-", "-q"],
  ])
  func plainLinesMeanTheSame(_ words: [String]) throws {
    let plain = try #require(Job(plain: words))
    #expect(plain == Job(try Command.parse(Options.terminated(words))))
  }

  @Test(arguments: [
    ["--help"], ["-e"], ["--", "a.nn"], ["--eval", "1"], ["-x", "a.nn"], ["-q", "--help"], ["--play"],
    ["-qi"],
    ["--play", "--help"],
  ])
  func otherLinesAreLeftToTheParser(_ words: [String]) {
    #expect(Job(plain: words) == nil)
  }
}
