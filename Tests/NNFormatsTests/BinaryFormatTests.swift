import NNCore
import Testing

@testable import NNFormats

/// What NumPy and safetensors wrote, every type holding the same numbers.
private let sample: [[Scalar]] = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 100, 127]]
private let truths: [[Scalar]] = [[0, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]

@Suite struct NPYTests {
  static let files = (try? Recorded.names(in: "npy")) ?? []

  @Test(arguments: files.filter { $0.contains("-C.") || $0.contains("-F.") || $0.hasPrefix("version") })
  func everyTypeOrderAndVersion(_ file: String) throws {
    #expect(try Recorded.array("npy/\(file)") == Matrix.of(file.hasPrefix("b1") ? truths : sample))
  }

  @Test func allWereRecorded() { #expect(NPYTests.files.count > 50) }

  @Test func halfPrecisionOfEveryExponent() throws {
    #expect(try Recorded.array("npy/halves-f2.npy").isSame(as: Recorded.array("npy/halves-f8.npy")))
  }

  @Test func numbersAndVectors() throws {
    #expect(try Recorded.array("npy/axes0.npy") == Matrix.of([[42]]))
    #expect(try Recorded.array("npy/axes1.npy") == Matrix.of([[0, 1, 2, 3, 4]]))
    #expect(try Recorded.array("npy/empty.npy").shape == Shape(0, 3))
  }

  @Test(arguments: [
    ("axes3", FormatError.tooManyAxes(shape: [2, 3, 4])), ("complex", .unsupportedType(found: "<c16")),
    ("records", .unsupportedType(found: "records")), ("object", .unsupportedType(found: "|O")),
    ("text", .unsupportedType(found: "<U1")),
  ])
  func arraysThatAreNoMatrix(_ file: String, _ wanted: FormatError) {
    #expect(throws: wanted) { try Recorded.read("npy/\(file).npy") }
  }

  @Test func writesTheBytesThatNumPyWrites() throws {
    let matrix = try Matrix.of(sample)
    #expect(try FileFormat.npy.write(.matrix(matrix), in: .forTests) == Recorded.bytes("npy/f8-le-C.npy"))
  }

  @Test func readsBackWhatItWrites() throws {
    for shape in [Shape(0, 0), Shape(1, 0), Shape(0, 5), Shape(1, 1), Shape(40, 70)] {
      let elements = (0..<shape.count).map { _ in Double(bitPattern: .random(in: 0 ... .max)) }
      let matrix = try Matrix(rows: shape.rows, columns: shape.columns, elements, in: .forTests)
      let read = try FileFormat.npy.read(
        try FileFormat.npy.write(.matrix(matrix), in: .forTests), in: .forTests)
      #expect(try #require(read.matrix).isSame(as: matrix))
    }
  }

  @Test func aLargeArrayIsReadInParts() throws {
    let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (3, 400000)}"
    let bytes = NPYFile.signature + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    let data = (0..<1_200_000).map { UInt8($0 % 251) }
    let matrix = try #require(try FileFormat.npy.read(bytes + data, in: .forTests).matrix)
    let places = [0, 1, 349_524, 349_525, 399_999].flatMap { column in (0..<3).map { ($0, column) } }
    #expect(places.allSatisfy { row, column in matrix[row, column] == Scalar((3 * column + row) % 251) })
  }

  /// A file with this header and 8 zero bytes after it.
  private func file(_ header: String) -> [UInt8] {
    NPYFile.signature + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + Array(repeating: 0, count: 8)
  }

  static let headers: [(String, String)] = [
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }", "1×1"),
    ("{\"shape\":(1,1),\"descr\":\"<f8\",\"fortran_order\":True}\n", "1×1"),
    ("{'descr': '=f8', 'fortran_order': False, 'shape': (1L,)}", "1×1"),
    ("{'descr': '|i1', 'fortran_order': False, 'shape': (2, 4)}", "2×4"),
    (
      "{'descr': '|f8', 'fortran_order': False, 'shape': (1, 1)}",
      "elements of type \"|f8\" are not real numbers of a known kind"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
      "the file claims a size that no file can have"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
      "the file claims a size that no file can have"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000)}",
      "the file ends after 87 bytes, and 8000000000079 are needed"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4294967296)}",
      "8 bytes follow the end of the data"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1)}",
      "the header is wrong at byte 62: a comma should stand there"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 1)}",
      "the header is wrong at byte 61: a whole number should stand there"
    ),
    (
      "{'descr': '<f8', 'fortran_order': 0, 'shape': (1, 1)}",
      "the header is wrong at byte 44: True or False should stand there"
    ),
    ("{'descr': '<f8', 'fortran_order': False}", "the header lacks \"shape\""),
    (
      "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
      "the name \"descr\" occurs twice"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}",
      "the header is wrong at byte 70: one of the keys descr, fortran_order and shape should stand there"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x",
      "the header is wrong at byte 66: the end of the header should stand there"
    ),
    ("", "the header is wrong at byte 10: `{` should stand there"),
  ]

  @Test(arguments: headers)
  func header(_ header: String, _ wanted: String) {
    #expect(outcome(file(header), .npy) == wanted)
  }
}

@Suite struct NPZTests {
  @Test(arguments: ["stored", "compressed"])
  func archivesOfNumPy(_ file: String) throws {
    let matrices = try #require(try Recorded.read("npz/\(file).npz").matrices)
    let names = ["W1", "b1", "n"] + (file == "compressed" ? ["zeros"] : [])
    #expect(matrices.map(\.name) == names)
    #expect(try matrices[0].matrix == Matrix.of(sample))
    #expect(try matrices[1].matrix == Matrix.of([[1.5], [-2.5]]))
    #expect(try matrices[2].matrix == Matrix.of([[7]]))
  }

  @Test func columnsFirstAndBigEndian() throws {
    let matrices = try #require(try Recorded.read("npz/fortran.npz").matrices)
    #expect(try matrices[0].matrix == Matrix.of(sample))
    #expect(try #require(try Recorded.read("npz/none.npz").matrices).isEmpty)
  }

  @Test func readsBackWhatItWritesAndAlwaysWritesTheSame() throws {
    let matrices = [
      NamedMatrix("W1", try Matrix.of(sample)), NamedMatrix("ŷ/layer 2", try Matrix.of([[1.5]])),
      NamedMatrix("empty", try Matrix(repeating: 0, Shape(0, 3), in: .forTests)),
    ]
    let bytes = try FileFormat.npz.write(.matrices(matrices), in: .forTests)
    #expect(try FileFormat.npz.write(.matrices(matrices), in: .forTests) == bytes)
    let read = try #require(try FileFormat.npz.read(bytes, in: .forTests).matrices)
    #expect(read.map(\.name) == matrices.map(\.name))
    #expect(zip(read, matrices).allSatisfy { $0.matrix == $1.matrix })
    #expect(
      try FileFormat.npz.read(try FileFormat.npz.write(.matrices([]), in: .forTests), in: .forTests).matrices?
        .count == 0)
  }

  @Test func namesThatCannotBeWritten() throws {
    let matrix = try Matrix.of([[1]])
    let twice = [NamedMatrix("a", matrix), NamedMatrix("a", matrix)]
    #expect(throws: FormatError.duplicateKey("a")) {
      try FileFormat.npz.write(.matrices(twice), in: .forTests)
    }
    #expect(throws: FormatError.badName("")) {
      try FileFormat.npz.write(.matrices([NamedMatrix("", matrix)]), in: .forTests)
    }
  }

  @Test func anEntryThatClaimsMoreThanItCanHoldIsRefusedBeforeItIsUnpacked() throws {
    var bytes = try Recorded.bytes("npz/compressed.npz")
    let size = 128 + 12 * 8
    // Every place, of the local header and of the directory, that holds the size of W1.npy.
    let claimed: [UInt8] = [0, 0, 0, 0x40]
    for i in 0..<(bytes.count - 3)
    where Array(bytes[i..<(i + 4)]) == [UInt8(size & 0xFF), UInt8(size >> 8), 0, 0] {
      bytes.replaceSubrange(i..<(i + 4), with: claimed)
    }
    let resources = Resources(limit: 1 << 40)
    #expect(throws: FormatError.damagedArchive(reason: "entry W1.npy claims more bytes than it can hold")) {
      try FileFormat.npz.read(bytes, in: resources)
    }
    #expect(resources.used == 0)
  }

  @Test func aBigArchiveMeetsTheLimit() throws {
    let zeros = try Recorded.bytes("npz/compressed.npz")
    #expect(zeros.count < 2000)
    #expect(outcome(zeros, .npz, limit: 50_000) == "it would take 80128 bytes, and the limit is 50000")
  }

  @Test func aFlippedByteOfTheDataIsFoundByItsChecksum() throws {
    let matrix = NamedMatrix("a", try Matrix.of([[1.5, 2.5], [3.5, 4.5]]))
    var bytes = try FileFormat.npz.write(.matrices([matrix]), in: .forTests)
    let place = bytes.indices.first { bytes[$0...].starts(with: [0, 0, 0, 0, 0, 0, 0x12, 0x40]) } ?? 0
    bytes[place] ^= 1
    #expect(outcome(bytes, .npz) == "the data of entry \"a.npy\" are damaged")
  }

  /// What is wrong with one member does not hide the others; with a name that occurs twice nobody knows which.
  @Test func aBadMemberLeavesTheOthers() throws {
    let good = try NPYFile.write(try Matrix.of([[1, 2]]), in: .forTests)
    let text = Array("text".utf8)
    let archive = try ZipWriter.write([
      ZipWriter.Entry(name: "a.npy", contents: good),
      ZipWriter.Entry(name: "b.npy", contents: Array(good.dropLast(3))),
      ZipWriter.Entry(name: "notes.txt", contents: text),
    ])
    guard case .readable(let matrices, let others) = try FileFormat.npz.read(archive, in: .forTests) else {
      Issue.record("everything was read")
      return
    }
    #expect(matrices.map(\.name) == ["a"])
    #expect(others.map(\.name) == ["b", "notes.txt"])
    #expect(others[0].error.description.contains("in \"b\": the file ends after"))
    #expect(others[1].error.description == "entry \"notes.txt\" is not an .npy file")
    var twice = try ZipWriter.write([
      ZipWriter.Entry(name: "a.npy", contents: good), ZipWriter.Entry(name: "b.npy", contents: good),
    ])
    for place in twice.indices.dropLast(4) where Array(twice[place..<(place + 5)]) == Array("b.npy".utf8) {
      twice[place] = UInt8(ascii: "a")
    }
    #expect(outcome(twice, .npz) == "the name \"a\" occurs twice")
  }

  @Test func otherFiles() throws {
    #expect(outcome(Array("no archive".utf8), .npz) == "this is not an NPZ archive")
    let archive = try ZipWriter.write([ZipWriter.Entry(name: "readme.txt", contents: [65])])
    #expect(outcome(archive, .npz) == "entry \"readme.txt\" is not an .npy file")
    let text = try ZipWriter.write([ZipWriter.Entry(name: "x.npy", contents: [65])])
    #expect(outcome(text, .npz) == "in \"x\": this is not an NPY file")
  }
}

@Suite struct SafetensorsTests {
  @Test func everyTypeThatPythonWrites() throws {
    let content = try Recorded.read("safetensors/types.safetensors")
    let tensors = try #require(content.tensors)
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.matrix) })
    let types = "float64 float32 float16 int64 int32 int16 int8 uint64 uint32 uint16 uint8".split(
      separator: " ")
    for type in types { #expect(try byName[String(type)] == Matrix.of(sample), "\(type)") }
    #expect(try byName["bool"] == Matrix.of(truths))
    #expect(try byName["scalar"] == Matrix.of([[2.5]]))
    #expect(try byName["vector"] == Matrix.of([[1, 2, 3]]))
    #expect(byName["empty"]?.shape == Shape(0, 3))
    let metadata = try #require(content.metadata).sorted { $0.key < $1.key }
    #expect(
      metadata == [MetadataEntry("format", "np"), MetadataEntry("naïve “quotes”", "a \"b\"\n\\ \u{1} 😀")])
  }

  @Test func brainFloats() throws {
    let tensors = try #require(try Recorded.read("safetensors/bfloat16.safetensors").tensors)
    #expect(try tensors[0].matrix == Matrix.of([[1.5, -2], [3.140625, .infinity]]))
  }

  @Test func readsBackWhatItWrites() throws {
    let tensors = [
      NamedMatrix("W1", try Matrix.of(sample)),
      NamedMatrix("a \"b\"\n\u{1}\\é", try Matrix.of([[1.5], [.nan]])),
      NamedMatrix("none", try Matrix(repeating: 0, Shape(3, 0), in: .forTests)),
    ]
    let metadata = [MetadataEntry("layers", "dense(2, 4, tanh)"), MetadataEntry("", "\t\u{1F}\"")]
    let bytes = try FileFormat.safetensors.write(.tensors(tensors, metadata: metadata), in: .forTests)
    let content = try FileFormat.safetensors.read(bytes, in: .forTests)
    let read = try #require(content.tensors)
    #expect(read.map(\.name) == tensors.map(\.name) && content.metadata == metadata)
    #expect(zip(read, tensors).allSatisfy { $0.matrix.isSame(as: $1.matrix) })
    // The data begin at a multiple of 8.
    #expect(bytes[0] % 8 == 0)
  }

  /// A file with this header and 16 zero bytes of data.
  private func file(_ header: String) -> [UInt8] {
    let count = header.utf8.count
    return [UInt8(count & 0xFF), UInt8(count >> 8), 0, 0, 0, 0, 0, 0] + Array(header.utf8)
      + Array(repeating: 0, count: 16)
  }

  static let a = #""a":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}"#
  static let b = #""b":{"dtype":"F64","shape":[1,1],"data_offsets":[8,16]}"#

  static let headers: [(String, String)] = [
    ("{\(a),\(b)}", "2 tensors"), (" {\(b) , \(a)}  ", "2 tensors"),
    (#"{"\u0061\ud83d\ude00\/":{"shape":[2],"data_offsets":[0,16],"dtype":"F64"}}"#, "1 tensors"),
    ("{\(a),\(a)}", "the name \"a\" occurs twice"), ("{\(a)}", "8 bytes follow the end of the data"),
    ("{\(b)}", "\"b\" claims bytes 8 to 16 where 0 should begin"),
    (
      #"{\#(a),"c":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#,
      "\"c\" claims bytes 0 to 16 where 8 should begin"
    ),
    (
      #"{"c":{"dtype":"F64","shape":[2],"data_offsets":[0,24]}}"#,
      "the file ends after 79 bytes, and 87 are needed"
    ),
    (
      #"{"c":{"dtype":"F64","shape":[3],"data_offsets":[0,16]}}"#,
      "in \"c\": 16 bytes stand where shape and type need 24"
    ),
    (
      #"{"c":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,16]}}"#,
      "in \"c\": the file claims a size that no file can have"
    ),
    (
      #"{"c":{"dtype":"F64","shape":[99999999999999999999],"data_offsets":[0,16]}}"#,
      "the file claims a size that no file can have"
    ),
    (
      #"{"c":{"dtype":"C64","shape":[2],"data_offsets":[0,16]}}"#,
      "in \"c\": elements of type \"C64\" are not real numbers of a known kind"
    ),
    (
      #"{"c":{"dtype":"F64","shape":[2],"data_offsets":[16,0]}}"#,
      "\"c\" claims bytes 16 to 0 where 0 should begin"
    ),
    (
      #"{"c":{"dtype":"F64","shape":[2.0],"data_offsets":[0,16]}}"#,
      "the header is wrong at byte 38: `]` should stand there"
    ),
    (
      #"{"c":{"dtype":"F64","shape":[02],"data_offsets":[0,16]}}"#,
      "the header is wrong at byte 37: a whole number should stand there"
    ),
    (#"{"c":{"dtype":"F64","shape":[2]}}"#, "in \"c\": the header lacks \"data_offsets\""),
    (#"{"c":{"dtype":"F64","dtype":"F64"}}"#, "in \"c\": the name \"dtype\" occurs twice"),
    (
      #"{"c":{"x":{}}}"#,
      "the header is wrong at byte 18: one of the keys dtype, shape and data_offsets should stand there"
    ),
    (#"{"__metadata__":{"a":1},\#(a),\#(b)}"#, "the header is wrong at byte 29: `\"` should stand there"),
    (#"{"__metadata__":{"a":"","a":""}}"#, "the name \"a\" occurs twice"),
    ("{\(a),\(b),}", "the header is wrong at byte 120: `\"` should stand there"),
    ("{\(a),\(b)} x", "the header is wrong at byte 121: the end of the header should stand there"),
    (#"{"\ud800":1}"#, "the header is wrong at byte 17: a surrogate pair should stand there"),
    (#"{"\q":1}"#, "the header is wrong at byte 12: an escape that JSON has should stand there"),
    (#"{"a"#, "the header is wrong at byte 11: the end of the string should stand there"),
    ("[]", "the header is wrong at byte 8: `{` should stand there"),
    (String(repeating: "[", count: 60_000), "the header is wrong at byte 8: `{` should stand there"),
    (
      #"{"a":"# + String(repeating: "{", count: 60_000),
      "the header is wrong at byte 14: `\"` should stand there"
    ),
  ]

  @Test(arguments: headers)
  func header(_ header: String, _ wanted: String) {
    #expect(outcome(file(header), .safetensors) == wanted)
  }

  @Test func theHeadersSizeIsCheckedBeforeItIsRead() {
    #expect(
      outcome([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .safetensors)
        == "the file claims a size that no file can have")
    #expect(outcome([0, 0, 0, 0, 1, 0, 0, 0], .safetensors) == "this is not a safetensors file")
    #expect(
      outcome([100, 0, 0, 0, 0, 0, 0, 0, 0x7B], .safetensors)
        == "the file ends after 9 bytes, and 108 are needed")
    #expect(
      outcome([2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0xFF], .safetensors)
        == "the header is wrong at byte 9: UTF-8 text should stand there")
  }

  @Test func threeAxesAreRefused() {
    #expect(throws: FormatError.inside(name: "x", .tooManyAxes(shape: [2, 3, 4]))) {
      try Recorded.read("safetensors/axes3.safetensors")
    }
  }
}

@Suite struct IDXTests {
  @Test(arguments: ["u1", "i2", "i4", "f4", "f8"])
  func imagesBecomeColumns(_ type: String) throws {
    #expect(try Recorded.array("idx/\(type).idx") == Recorded.array("idx/images.npy"))
  }

  @Test func signedBytes() throws {
    let matrix = try Recorded.array("idx/i1.idx")
    #expect(matrix.shape == Shape(8, 3) && matrix[0, 1] == 80 && matrix[7, 2] == 230 - 256)
  }

  @Test func labelsAndTables() throws {
    #expect(try Recorded.array("idx/labels-idx1-ubyte") == Matrix.of([[5, 0, 4]]))
    #expect(try Recorded.array("idx/table.idx") == Matrix.of([[0, 2, 4], [1, 3, 5]]))
  }

  static let damaged: [([UInt8], String)] = [
    ([0, 0, 8], "the file ends after 3 bytes, and 4 are needed"),
    ([1, 0, 8, 1], "this is not an IDX file"),
    ([0, 0, 10, 1, 0, 0, 0, 0], "elements of type \"code 10\" are not real numbers of a known kind"),
    ([0, 0, 8, 0], "an array of 0 axes () is no matrix"),
    ([0, 0, 8, 1, 0, 0, 0, 2, 9], "the file ends after 9 bytes, and 10 are needed"),
    ([0, 0, 8, 1, 0, 0, 0, 1, 9, 9], "1 byte follows the end of the data"),
    ([0, 0, 14, 3] + Array(repeating: 255, count: 12), "the file claims a size that no file can have"),
    ([0x1F, 0x8B, 8, 0], "the file is compressed by gzip; unpack it first (gunzip)"),
  ]

  @Test(arguments: damaged)
  func badFiles(_ bytes: [UInt8], _ wanted: String) {
    #expect(outcome(bytes, .idx) == wanted)
  }
}
