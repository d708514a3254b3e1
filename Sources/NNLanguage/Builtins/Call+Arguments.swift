import NNCore
import NNFormats

// Arguments by kind. Each throws a diagnostic that says what was wanted and what came.
extension Call {
  func number(_ index: Int) throws(Diagnostic) -> Scalar {
    guard let number = self[index].number else { throw wrong(index, wanted: "a number") }
    return number
  }

  /// The number given, else the default that the builtin's row shows.
  func numberOrDefault(_ index: Int) throws(Diagnostic) -> Scalar {
    if !isGiven(index), let number = builtin.parameters[index].defaultNumber { return number }
    return try number(index)
  }

  func number(_ index: Int, default value: Scalar) throws(Diagnostic) -> Scalar {
    isGiven(index) ? try number(index) : value
  }

  /// A finite number of at least `least`.
  func number(_ index: Int, default value: Scalar, atLeast least: Scalar) throws(Diagnostic) -> Scalar {
    let number = try number(index, default: value)
    guard number >= least, number.isFinite else {
      throw outside(index, number, wanted: "at least \(machine.display.text(least))")
    }
    return number
  }

  /// A whole number that fits `range`.
  func integer(_ index: Int, in range: ClosedRange<Int>) throws(Diagnostic) -> Int {
    let number = try number(index)
    guard number == number.rounded(), number.isFinite else {
      throw outside(index, number, wanted: "a whole number")
    }
    guard let integer = Int(exactly: number), range.contains(integer) else {
      let (least, most) = (range.lowerBound, range.upperBound)
      let isOneOfTwo = most == least + 1
      let bounds =
        most == .max ? "at least \(least)" : isOneOfTwo ? "\(least) or \(most)" : "from \(least) to \(most)"
      throw outside(index, number, wanted: bounds)
    }
    return integer
  }

  func integer(_ index: Int, default value: Int, in range: ClosedRange<Int>) throws(Diagnostic) -> Int {
    isGiven(index) ? try integer(index, in: range) : value
  }

  func truth(_ index: Int, default value: Bool) throws(Diagnostic) -> Bool {
    isGiven(index) ? try number(index) != 0 : value
  }

  /// A matrix; a number counts as 1×1.
  func matrix(_ index: Int) throws(Diagnostic) -> Matrix {
    switch self[index] {
    case .matrix(let matrix): return matrix
    case .number(let number):
      return try core { () throws(CoreError) in try Matrix(repeating: number, .scalar, in: resources) }
    default: throw wrong(index, wanted: "a matrix").hinting(matrixHint(index))
    }
  }

  /// What makes a matrix of another value.
  private func matrixHint(_ index: Int) -> String? {
    switch self[index] {
    case .table: "matrix(\(brief(index))) makes a matrix of a table's numbers"
    case .list(let list) where list.count > 0 && list.elements.allSatisfy { $0.number != nil }:
      "matrix(\(brief(index))) makes a row of a list's numbers"
    default: nil
    }
  }

  /// A matrix of one row or one column, or none of either.
  func vector(_ index: Int) throws(Diagnostic) -> Matrix {
    let matrix = try matrix(index)
    guard matrix.shape.isVector || matrix.count == 0 else { throw wrong(index, wanted: "a vector") }
    return matrix
  }

  /// A matrix that no one else refers to.
  func ownMatrix(_ index: Int) throws(Diagnostic) -> Matrix {
    var matrix = try matrix(index)
    arguments[index] = .nothing
    try core { () throws(CoreError) in try matrix.makeUnique(in: resources) }
    matrix.storage.node = .none
    return matrix
  }

  func string(_ index: Int) throws(Diagnostic) -> String {
    guard let string = self[index].string else { throw wrong(index, wanted: "a string") }
    return string
  }

  func function(_ index: Int) throws(Diagnostic) -> Function {
    guard case .function(let function) = self[index] else {
      throw wrong(index, wanted: "a function").hinting(self[index].string.map { "without quotes: \($0)" })
    }
    return function
  }

  func list(_ index: Int) throws(Diagnostic) -> List {
    guard case .list(let list) = self[index] else { throw wrong(index, wanted: "a list") }
    return list
  }

  func table(_ index: Int) throws(Diagnostic) -> TableValue {
    guard case .table(let table) = self[index] else {
      let isPath = self[index].string.map { FileFormat.named($0) != nil } ?? false
      throw wrong(index, wanted: "a table").hinting(isPath ? "a file's table is read(\(brief(index)))" : nil)
    }
    return table
  }

  /// A list of strings.
  func strings(_ index: Int) throws(Diagnostic) -> [String] {
    guard case .list(let list) = self[index] else {
      throw wrong(index, wanted: "a list of strings")
        .hinting(self[index].string == nil ? nil : "of one string it is list(\(brief(index)))")
    }
    let strings = list.elements.compactMap(\.string)
    if strings.count == list.count { return strings }
    let odd = list.elements.first { $0.string == nil }
    throw labelling(
      Diagnostic(
        .error,
        "\(name) needs strings in the list \(parameterName(index)), and one is \(odd?.kindWithArticle ?? "none")"
      ),
      index)
  }
}

// MARK: Sizes and dimensions

extension Call {
  /// A dimension: 1 for down the rows, 2 for along the columns, 0 for everything where none is given.
  func dimension(_ index: Int) throws(Diagnostic) -> Int {
    isGiven(index) ? try integer(index, in: 1...2) : 0
  }

  /// A number of rows or columns: whole and not negative.
  func size(_ index: Int) throws(Diagnostic) -> Int {
    let number = try checkedSize(number(index), index)
    if let size = Int(exactly: number) { return size }
    throw labelling(
      fail("\(parameterName(index)) is \(machine.display.text(number)), more than any matrix can have"), index
    )
  }

  private func checkedSize(_ number: Scalar, _ index: Int) throws(Diagnostic) -> Scalar {
    guard number >= 0, number == number.rounded(), number.isFinite else {
      throw outside(index, number, wanted: "a whole number and not negative")
    }
    return number
  }

  /// The shape that two arguments from `first` on give, or one that is `[m, n]`, as `size` gives it.
  ///
  /// - Throws: for a single number, which could mean a square, a row or a column; for sizes beyond all bounds.
  func shape(_ first: Int) throws(Diagnostic) -> Shape {
    var numbers = (0.0, 0.0)
    if isGiven(first + 1) {
      numbers = (try number(first), try number(first + 1))
    } else if case .matrix(let sizes) = self[first], sizes.shape.isVector, sizes.count == 2 {
      numbers = (sizes.pointer[0], sizes.pointer[1])
    } else {
      throw asksForShape(try number(first), first)
    }
    let rows = try checkedSize(numbers.0, first)
    let columns = try checkedSize(numbers.1, isGiven(first + 1) ? first + 1 : first)
    guard let m = Int(exactly: rows), let n = Int(exactly: columns),
      !m.multipliedReportingOverflow(by: n).overflow
    else {
      throw Diagnostic(
        core: .tooLarge(rows: rows, columns: columns, bytes: 8 * rows * columns, limit: resources.limit))
    }
    return Shape(m, n)
  }

  private func asksForShape(_ number: Scalar, _ first: Int) -> Diagnostic {
    let n = machine.display.text(number)
    let text = brief(first) == "…" ? n : brief(first)
    let before = (0..<first).map { brief($0) + ", " }.joined()
    let forms = ["\(text), \(text)", "\(text), 1", "1, \(text)"].map { "\(name)(\(before)\($0))" }
    let error = Diagnostic(.error, "\(name) needs rows and columns: is it to be \(n)×\(n), \(n)×1 or 1×\(n)?")
    return labelling(error, first).hinting("\(forms[0]), \(forms[1]) or \(forms[2])")
  }
}
