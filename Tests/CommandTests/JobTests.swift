import Testing

@testable import nnrepl

/// Plain command lines go past the argument parser; they must mean what it would make of them.
struct JobTests {
  @Test(arguments: [
    [], ["a.nn"], ["a.nn", "-e", "1"], ["-"], ["-", "x"], ["-e", "1"], ["-e", "-1", "-e", "2"],
    ["-e", "1", "a", "--help"], ["a.nn", "--", "-x"], ["-e", "1", "-"],
  ])
  func plainLinesMeanTheSame(_ words: [String]) throws {
    let plain = try #require(Job(plain: words))
    #expect(plain == Job(try Command.parse(Options.terminated(words))))
  }

  @Test(arguments: [
    ["-q"], ["--help"], ["-e"], ["-e", "1", "-i"], ["--", "a.nn"], ["--eval", "1"], ["-x", "a.nn"],
  ])
  func otherLinesAreLeftToTheParser(_ words: [String]) {
    #expect(Job(plain: words) == nil)
  }
}
