import NNCore

/// What is wrong with a file or with a wish to write one: facts only, `description` makes the sentence.
///
/// Lines and columns count from 1, byte offsets from 0; a column of text counts bytes.
package enum FormatError: Error, Equatable, Sendable {
  /// Memory or an interruption, as the core reports them.
  case core(CoreError)
  case empty
  /// The data ends at byte `size`, and `needed` bytes were promised or required.
  case truncated(needed: Int, size: Int)
  /// `count` bytes stand after the end of the data.
  case trailingBytes(count: Int)
  /// The file does not begin as this format does.
  case wrongSignature(FileFormat)
  case unsupportedVersion(FileFormat, Int)
  /// An element type that is not a real number or not known; `found` is as the file spells it.
  case unsupportedType(found: String)
  /// A tensor of more than two axes, or for IDX of more than three.
  case tooManyAxes(shape: [Int])
  /// A size or an offset that does not fit into 64 bits.
  case sizeOverflow
  /// The header breaks its grammar at byte `offset` of the file; `wanted` completes "… where … should stand".
  case badHeader(offset: Int, wanted: String)
  case duplicateKey(String)
  case missingKey(String)

  // Text tables
  case badByte(UInt8, line: Int, column: Int)
  case utf16
  case raggedRow(line: Int, found: Int, wanted: Int)
  case unterminatedQuote(line: Int, column: Int)
  case textAfterQuote(line: Int, column: Int)
  /// Numbers with a decimal comma and numbers with a decimal point in one file.
  case mixedDecimalMarks(line: Int, found: String)
  case tooManyColumns(found: Int, limit: Int)

  // Archives
  case zipLibraryMissing
  case damagedArchive(reason: String)
  /// The bytes of an entry do not have their checksum.
  case damagedEntry(name: String)
  case unsupportedEntry(name: String, reason: String)
  /// What is wrong inside the entry or tensor called `name`.
  indirect case inside(name: String, FormatError)
  /// A tensor's bytes overlap the one before, leave a hole or lie outside the data.
  case badOffsets(name: String, begin: Int, end: Int, expectedBegin: Int)
  /// A tensor has `found` bytes where its shape and type need `wanted`.
  case wrongByteCount(found: Int, wanted: Int)

  // Tables and writing
  case unequalColumns(name: String, found: Int, wanted: Int)
  case textColumn(name: String, row: Int, found: String)
  case cannotWrite(kind: String, FileFormat)
  case emptyMatrix(Shape, FileFormat)
  case badName(String)
}

/// Runs core work, its error becoming a `FormatError`.
@inline(__always)
func core<Result>(_ work: () throws(CoreError) -> Result) throws(FormatError) -> Result {
  do { return try work() } catch { throw .core(error) }
}

extension Resources {
  /// Throws where the work is to stop, or where `bytes` more would pass the limit; takes nothing.
  func checkRoom(for bytes: Int) throws(FormatError) {
    try core { () throws(CoreError) in
      try checkCancellation()
      try reserve(bytes)
    }
    release(bytes)
  }
}
