import NNCore

extension FormatError: CustomStringConvertible {
  /// One sentence without a full stop, for a message that has named the file.
  package var description: String {
    switch self {
    case .core(let error): sentence(error)
    case .empty: "the file is empty"
    case .truncated(let needed, let size): "the file ends after \(size) bytes, and \(needed) are needed"
    case .trailingBytes(let count):
      "\(counted(count, "byte")) \(count == 1 ? "follows" : "follow") the end of the data"
    case .wrongSignature(let format): "this is not \(format.noun)"
    case .unsupportedVersion(let format, let version): "version \(version) of \(format.noun) is not known"
    case .unsupportedType("gzip"): "the file is compressed by gzip; unpack it first (gunzip)"
    case .unsupportedType(let found): "elements of type \(shown(found)) are not real numbers of a known kind"
    case .tooManyAxes(let shape):
      "an array of \(shape.count) axes (\(shape.map(String.init).joined(separator: "×"))) is no matrix"
    case .sizeOverflow: "the file claims a size that no file can have"
    case .badHeader(let offset, let wanted):
      "the header is wrong at byte \(offset): \(wanted) should stand there"
    case .duplicateKey(let key): "the name \(shown(key)) occurs twice"
    case .missingKey(let key): "the header lacks \(shown(key))"
    case .badByte(let byte, let line, let column):
      "line \(line), byte \(column): \(hex(byte)) is not UTF-8 text"
    case .utf16: "the text is UTF-16; save it as UTF-8"
    case .raggedRow(let line, let found, let wanted):
      "line \(line) has \(counted(found, "cell")), the first has \(wanted)"
    case .unterminatedQuote(let line, let column): "line \(line), byte \(column): this quote is never closed"
    case .textAfterQuote(let line, let column): "line \(line), byte \(column): text follows the closing quote"
    case .mixedDecimalMarks(let line, let found):
      "line \(line) has \(shown(found)), other numbers have the other decimal mark"
    case .tooManyColumns(let found, let limit): "the first line has \(found) cells; a table takes \(limit)"
    case .unequalColumns(let name, let found, let wanted):
      "column \(shown(name)) has \(counted(found, "row")), the first has \(wanted)"
    case .textColumn(let name, let row, let found):
      "column \(shown(name)) is text: row \(row) has \(shown(found))"
    case .zipLibraryMissing: "libzip, which reads and writes .npz files, is not installed"
    case .damagedEntry(let name): "the data of entry \(shown(name)) are damaged"
    case .damagedArchive(let reason): "the archive is damaged: \(escaped(reason))"
    case .unsupportedEntry(let name, let reason): "entry \(shown(name)) \(reason)"
    case .inside(let name, let error): "in \(shown(name)): \(error.description)"
    case .badOffsets(let name, let begin, let end, let expectedBegin):
      "\(shown(name)) claims bytes \(begin) to \(end) where \(expectedBegin) should begin"
    case .wrongByteCount(let found, let wanted): "\(found) bytes stand where shape and type need \(wanted)"
    case .cannotWrite(let kind, let format): "\(format.noun) has no place for \(kind)"
    case .emptyMatrix(let shape, let format):
      "\(format.noun) cannot hold an empty matrix (\(shape.rows)×\(shape.columns)); .npy can"
    case .badName(let name): "\(shown(name)) cannot name an array in this file"
    }
  }
}

private func sentence(_ error: CoreError) -> String {
  switch error {
  case .interrupted: "interrupted"
  case .outOfMemory(let bytes, _, let limit): "it would take \(bytes) bytes, and the limit is \(limit)"
  case .tooLarge: "it would take more memory than there can be"
  default: "\(error)"
  }
}

private func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

private func hex(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return "byte 0x" + (digits.utf8.count == 1 ? "0" : "") + digits
}

/// Text from a file as a message may show it: in quotes, not too long, control characters escaped.
private func shown(_ text: String) -> String {
  let prefix = text.prefix(40)
  return "\"\(escaped(String(prefix)))\(prefix.endIndex < text.endIndex ? "…" : "")\""
}

private func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator:
      result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

extension FileFormat {
  /// The format's name with its article.
  package var noun: String {
    switch self {
    case .csv: "a CSV file"
    case .tsv: "a TSV file"
    case .npy: "an NPY file"
    case .npz: "an NPZ archive"
    case .safetensors: "a safetensors file"
    case .idx: "an IDX file"
    }
  }
}
