import NNCore

extension Diagnostic {
  /// A numeric error in a sentence, its facts kept so that the machine can name the operands.
  init(core error: CoreError) {
    if case .interrupted = error {
      self.init(.interrupt, "interrupted")
    } else {
      self.init(.error, Diagnostic.sentence(error))
    }
    core = error
    if case .outOfMemory = error { self = hinting("clear what is not needed, or work in smaller parts") }
  }

  private static func sentence(_ error: CoreError) -> String {
    switch error {
    case .shapesDoNotFit(let name, let a, let b): return "shapes do not fit \(name): \(a) and \(b)"
    case .bothStretch(let name, let a, let b):
      return "shapes do not fit \(name): \(a) and \(b) would both have to stretch"
    case .wrongShape(let name, _, let shape, let wanted):
      return "\(name) needs a \(wanted), and this is \(shape)"
    case .singular(let name, let shape): return "\(name): the \(shape) matrix is singular"
    case .noLibrary(let name):
      return "\(name) needs the library OpenBLAS (libopenblas.so.0), and it cannot be opened"
    case .notConverged(let name): return "\(name) does not converge for this matrix"
    case .notFinite(let name, let number, let row, let column):
      return "\(name) needs finite numbers, and this matrix holds \(number) at [\(row + 1), \(column + 1)]"
    case .complexEigenvalues(let real, let imaginary):
      return
        "the matrix has complex eigenvalues, such as \(NumberText.short(real)) ± \(NumberText.short(abs(imaginary)))i"
    case .badIndex(let number, let axis, let count):
      let thing = axis == 0 ? "row" : axis == 1 ? "column" : "element"
      return "there is no \(thing) \(NumberText.short(number)) of \(count)"
    case .badSize(let number):
      return "a size is a whole number and not negative, and this is \(NumberText.short(number))"
    case .badArgument(let name, let operand, let number, let wanted):
      let parameter = Builtins.index(of: name).flatMap {
        Builtins.table[$0].parameters.dropFirst(operand).first?.name
      }
      return
        "\(name): \(parameter ?? "its argument") must be \(wanted), and this is \(NumberText.short(number))"
    case .tooLarge(let rows, let columns, let bytes, _) where bytes == 0:
      let limit = NumberText.short(Scalar(Shape.emptyLimit))
      return
        "a \(NumberText.size(rows))×\(NumberText.size(columns)) matrix has more rows or columns than \(limit)"
    case .tooLarge(let rows, let columns, let bytes, let limit):
      return
        "a \(NumberText.size(rows))×\(NumberText.size(columns)) matrix would take \(NumberText.bytes(bytes)), and the limit is \(NumberText.bytes(Scalar(limit)))"
    case .outOfMemory(let bytes, let used, let limit):
      return
        "this would take \(NumberText.bytes(Scalar(bytes))) beside the \(NumberText.bytes(Scalar(used))) in use, and the limit is \(NumberText.bytes(Scalar(limit)))"
    case .notScalar(let shape): return "a cost is a number, and this is \(shape)"
    case .notTracked: return "this depends on no param"
    case .stale: return "this is stale: a param has changed since it was computed"
    case .interrupted: return "interrupted"
    }
  }
}

/// Numbers in sentences.
enum NumberText {
  static func short(_ number: Scalar) -> String {
    if number == number.rounded(), abs(number) < 1e15 { return "\(Int(number))" }
    return "\(number)"
  }

  /// A number of rows or columns, however many.
  static func size(_ number: Scalar) -> String {
    number < 1e15
      ? short(number)
      : CNumberText.text(number, .general, digits: 3).replacing("e+", with: "e")
  }

  /// "2.5 GB": in powers of 1000, two or three digits.
  static func bytes(_ bytes: Scalar) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    var value = bytes
    var unit = 0
    while value >= 1000, unit + 1 < units.count {
      value /= 1000
      unit += 1
    }
    if value >= 1000 { return "more than 1000 EB" }
    let rounded = value < 10 && unit > 0 ? (value * 10).rounded() / 10 : value.rounded()
    return "\(short(rounded)) \(units[unit])"
  }
}
