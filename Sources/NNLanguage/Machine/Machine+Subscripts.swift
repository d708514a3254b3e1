import NNCore

// Reading and writing elements, columns, fields.
extension Machine {
  // MARK: Reading

  func index(_ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot) throws(Diagnostic) {
    let setting = SubscriptSetting(instruction.setting)
    let count = setting.count
    if b.isMatrix, b.uncheckedStorage.node.isPlain,
      let number = try element(b.uncheckedStorage, c, setting.raw)
    {
      return try store(.number(number), in: instruction.a, a)
    }
    let value: Value
    switch b.pointee {
    case .matrix(let matrix): value = try read(matrix, c, setting, base: b)
    case .number(let number):
      let matrix = try throwingDiagnostics { () throws(CoreError) in
        try Matrix(repeating: number, .scalar, in: resources)
      }
      value = try read(matrix, c, setting, base: b)
    case .list(let list): value = try read(list, c, setting)
    case .table(let table): value = try read(table, c, setting)
    case .text(let text): value = try read(text, c, setting)
    case .nothing: throw undefined(baseNode)
    case .function: throw Diagnostic(.error, "a function is called with ( ), not [ ]")
    case .object(let object):
      value = try object.element(at: (0..<count).map { (c + $0).pointee }, machine: self)
    }
    try store(value, in: instruction.a, a)
  }

  /// One element by plain numbers that are no masks, the common case; nil where it is not that.
  @inline(__always)
  private func element(_ storage: MatrixStorage, _ subscripts: Slot, _ count: Int) throws(Diagnostic)
    -> Scalar?
  {
    let shape = storage.shape
    if count == 2, subscripts.isNumber, (subscripts + 1).isNumber {
      return try throwingDiagnostics { () throws(CoreError) in
        let row = try Subscript.index(subscripts.uncheckedNumber, axis: 0, limit: shape.rows)
        let column = try Subscript.index((subscripts + 1).uncheckedNumber, axis: 1, limit: shape.columns)
        return storage.elements[row * shape.columns + column]
      }
    }
    guard count == 1, subscripts.isNumber, shape.isVector else { return nil }
    return try throwingDiagnostics { () throws(CoreError) in
      storage.elements[try Subscript.index(subscripts.uncheckedNumber, axis: 2, limit: shape.count)]
    }
  }

  private func read(_ matrix: Matrix, _ subscripts: Slot, _ setting: SubscriptSetting, base: Slot)
    throws(Diagnostic) -> Value
  {
    let picked = try selection(of: matrix.shape, subscripts, setting)
    if tracking.tape.isFresh(matrix) { return try recordRead(matrix, picked) }
    let result = try throwingDiagnostics { () throws(CoreError) in
      switch picked {
      case .grid(let rows, let columns): try matrix.gather(rows, columns, in: resources)
      case .places(let places, let shape): try matrix.gather(places, shape: shape, in: resources)
      }
    }
    if matrix.storage.node.markingStatement != nil {
      result.storage.node = matrix.storage.node
      return .matrix(result)
    }
    return Value.matrix(result).unboxed
  }

  /// Reads elements of a value in the graph, as an operation of it.
  private func recordRead(_ matrix: Matrix, _ picked: Selection) throws(Diagnostic) -> Value {
    var source = TracedValue(value: .matrix(matrix), node: baseNode)
    let rows: Subscript
    let columns: Subscript
    switch picked {
    case .grid(let r, let c): (rows, columns) = (r, c)
    case .places(let places, let shape):
      // A vector's elements, or a mask's: of the matrix laid out as one row.
      source = TracedValue(value: try apply(.reshape, Attributes(1, matrix.count), [source]), node: nil)
      let row = try pick(source, .one(0), places)
      return shape.rows == 1
        ? row
        : try apply(.reshape, Attributes(shape.rows, shape.columns), [TracedValue(value: row, node: nil)])
    }
    return try pick(source, rows, columns)
  }

  private func pick(_ source: TracedValue, _ rows: Subscript, _ columns: Subscript) throws(Diagnostic)
    -> Value
  {
    let (rowNumbers, columnNumbers) = try throwingDiagnostics { () throws(CoreError) in
      (try rows.numbers(in: resources), try columns.numbers(in: resources))
    }
    return try apply(
      .index, .none,
      [source, TracedValue(value: .matrix(rowNumbers)), TracedValue(value: .matrix(columnNumbers))])
  }

  /// What subscripts pick of a matrix.
  enum Selection {
    case grid(Subscript, Subscript)
    /// Places counted row by row, and the shape they are given in.
    case places(Subscript, Shape)

    var shape: Shape {
      switch self {
      case .grid(let rows, let columns): Shape(rows.count, columns.count)
      case .places(_, let shape): shape
      }
    }
  }

  func selection(of shape: Shape, _ subscripts: Slot, _ setting: SubscriptSetting) throws(Diagnostic)
    -> Selection
  {
    if setting.count == 2 {
      let rows = try axisSubscript(subscripts, axis: 0, limit: shape.rows, setting.kind(0))
      let columns = try axisSubscript(
        subscripts + 1, axis: 1, limit: shape.columns, setting.kind(1))
      return .grid(rows, columns)
    }
    guard setting.count == 1 else {
      throw Diagnostic(.error, "a matrix takes one or two subscripts, not \(setting.count)")
    }
    if subscripts.pointee.isNothing { return .places(.all(count: shape.count), Shape(shape.count, 1)) }
    guard let operand = operand(subscripts) else { throw badSubscript(subscripts) }
    if operand.shape == shape, try isMask(operand, setting.kind(0)) {
      let places = try masked(operand)
      return .places(places, Shape(1, places.count))
    }
    guard shape.isVector || shape.count == 0 else { throw oneSubscript(shape) }
    let places = try axisSubscript(subscripts, axis: 2, limit: shape.count, setting.kind(0))
    // Elements of a column come as a column, of a row as a row, however the subscripts lie.
    let isColumn = shape.columns == 1 && shape.rows != 1
    return .places(places, isColumn ? Shape(places.count, 1) : Shape(1, places.count))
  }

  /// Whether as many numbers as there are places say by 1 and 0 which to take, where the way they are written leaves it
  /// open. Nothing but ones is a mask then: one that all pass is more common than the first place over and over.
  private func isMask(_ operand: Operand, _ kind: SubscriptSetting.Kind) throws(Diagnostic) -> Bool {
    let count = operand.shape.count
    guard kind != .mask, count > 1 || kind != .unknown else { return kind == .mask }
    var (isMask, hasZero) = (true, false)
    try throwingDiagnostics { () throws(CoreError) in
      try resources.inBlocks(count) { positions throws(CoreError) in
        guard isMask else { return }
        for position in positions where operand.elements[position] != 1 {
          if operand.elements[position] == 0 { hasZero = true } else { isMask = false }
        }
      }
    }
    return isMask && (kind == .unknown || hasZero)
  }

  private func masked(_ mask: Operand) throws(Diagnostic) -> Subscript {
    try throwingDiagnostics { () throws(CoreError) in
      try Subscript(mask: mask.elements, count: mask.shape.count, in: resources)
    }
  }

  private func axisSubscript(_ place: Slot, axis: Int, limit: Int, _ kind: SubscriptSetting.Kind)
    throws(Diagnostic) -> Subscript
  {
    if place.isNumber, kind != .mask {
      return .one(
        try throwingDiagnostics { () throws(CoreError) in
          try Subscript.index(place.uncheckedNumber, axis: axis, limit: limit)
        })
    }
    if place.pointee.isNothing { return .all(count: limit) }
    guard let operand = operand(place) else { throw badSubscript(place) }
    let hasOneEach = operand.shape.count == limit && (operand.shape.isVector || limit == 0)
    if kind == .mask {
      guard hasOneEach else { throw badMask(operand.shape, axis: axis, limit: limit) }
      return try masked(operand)
    }
    if hasOneEach, try isMask(operand, kind) { return try masked(operand) }
    let matrix = try matrixValue(place)
    do { return try Subscript(matrix, axis: axis, limit: limit, in: resources) } catch {
      // Ones and zeros that pick nothing because they are more or fewer than what they are to pick from.
      if !hasOneEach, try isMask(operand, kind), matrix.buffer.contains(0) {
        throw badMask(operand.shape, axis: axis, limit: limit)
      }
      throw Diagnostic(core: error)
    }
  }

  private func matrixValue(_ place: Slot) throws(Diagnostic) -> Matrix {
    guard case .matrix(let matrix) = place.pointee else { throw badSubscript(place) }
    return matrix
  }

  /// What `end` is in one of `count` subscripts.
  func extent(of base: Slot, position: Int, count: Int) throws(Diagnostic) -> Scalar {
    let length: Int
    switch base.pointee {
    case .number: length = 1
    case .matrix(let matrix):
      length = count == 1 ? matrix.count : (position == 0 ? matrix.rows : matrix.columns)
    case .list(let list): length = list.count
    case .table(let table): length = table.table.rowCount
    case .text(let text): length = text.count
    case .nothing: throw undefined(nodeAtPlay)
    default: throw Diagnostic(.error, "end has no meaning for \(base.pointee.kindWithArticle)")
    }
    return Scalar(length)
  }

  private func read(_ list: List, _ subscripts: Slot, _ setting: SubscriptSetting) throws(Diagnostic) -> Value
  {
    let count = setting.count
    guard count == 1 else { throw Diagnostic(.error, "a list takes one subscript, not \(count)") }
    let picked = try axisSubscript(subscripts, axis: 2, limit: list.count, setting.kind(0))
    if case .one(let index) = picked { return list.storage.elements[index] }
    return .list(
      try throwingDiagnostics { () throws(CoreError) in
        try List(count: picked.count, in: resources) { list.storage.elements[picked[$0]] }
      })
  }

  private func read(_ text: Text, _ subscripts: Slot, _ setting: SubscriptSetting) throws(Diagnostic)
    -> Value
  {
    let count = setting.count
    guard count == 1 else { throw Diagnostic(.error, "a string takes one subscript, not \(count)") }
    let picked = try axisSubscript(subscripts, axis: 2, limit: text.count, setting.kind(0))
    var result = ""
    try throwingDiagnostics { () throws(CoreError) in
      try resources.inBlocks(picked.count) { positions throws(CoreError) in
        for position in positions { result.append(text.character(at: picked[position])) }
      }
    }
    return .string(result)
  }

  private func read(_ table: TableValue, _ subscripts: Slot, _ setting: SubscriptSetting) throws(Diagnostic)
    -> Value
  {
    let count = setting.count
    guard count == 1 else { throw tableSubscripts(table, subscripts, count) }
    if case .text(let name) = subscripts.pointee { return try table.column(name.string, in: self) }
    let rows = try axisSubscript(subscripts, axis: 0, limit: table.table.rowCount, setting.kind(0))
    return .table(try table.rows(rows, in: resources))
  }

  // MARK: Writing

  func indexAssign(_ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot) throws(Diagnostic) {
    if a == b {
      // A value that is written into itself is read while it changes: `b` has to be a second reference to it.
      let value = Slot.allocate(capacity: 1)
      value.initialize(to: b.pointee)
      defer {
        value.deinitialize(count: 1)
        value.deallocate()
      }
      return try indexAssign(instruction, a, value, c)
    }
    let setting = SubscriptSetting(instruction.setting)
    let count = setting.count
    let note = isVariable(instruction.a) ? paramNote(instruction.a) : nil
    switch a.pointee {
    case .matrix, .number: try writeMatrix(note, instruction, a, b, c, setting)
    case .list: try writeList(a, b, c, setting)
    case .table(let table):
      guard count == 1, let name = c.pointee.string else {
        throw tableAssignment(table, c, count)
      }
      if b.pointee.isNothing { throw undefined(assignedNode ?? nodeAtPlay) }
      a.pointee = .table(try table.setting(name, to: b.pointee, in: self))
    case .nothing: throw undefined(baseNode).hinting("start with zeros(m, n), [] or list()")
    default: throw Diagnostic(.error, "\(a.pointee.kindWithArticle) has no elements that can be set")
    }
  }

  private func writeMatrix(
    _ note: UnsafeMutablePointer<VariableNote>?, _ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot,
    _ setting: SubscriptSetting
  ) throws(Diagnostic) {
    guard let values = operand(b) else {
      if b.pointee.isNothing { throw undefined(assignedNode ?? nodeAtPlay) }
      throw Diagnostic(.error, "an element of a matrix is a number, and this is \(b.pointee.kindWithArticle)")
    }
    let shape = a.isNumber ? .scalar : a.uncheckedStorage.shape
    let picked = try selection(of: shape, c, setting)
    try checkFit(values.shape, picked.shape)
    try checkTrackedElement(b, isParam: note != nil)
    if case .number(let number) = a.pointee {
      let matrix = try throwingDiagnostics { () throws(CoreError) in
        try Matrix(repeating: number, .scalar, in: resources)
      }
      a.pointee = .matrix(matrix)
    }
    // A matrix that is written into itself has two references, and is copied first.
    let isUnique = a.holdsUniqueMatrix
    let node = a.uncheckedStorage.node
    if !isUnique || (!node.isNone && note == nil) {
      guard case .matrix(let matrix) = a.pointee else { return }
      let copy = try throwingDiagnostics { () throws(CoreError) in try matrix.copy(in: resources) }
      // The mark of elements that left the graph stays; a place in it does not.
      if node.isNone { copy.storage.node = node }
      a.pointee = .matrix(copy)
    }
    let target = Matrix(storage: a.uncheckedStorage)
    switch picked {
    case .grid(let rows, let columns): target.scatter(values, to: rows, columns)
    case .places(let places, _): target.scatter(values, to: places)
    }
    if let note {
      a.uncheckedStorage.node = tracking.tape.paramChanged(note.pointee.param)
    } else {
      if mayBeTracked(b) { markTracked(a, b) }
      if isVariable(instruction.a), let note = existingNote(instruction.a) {
        note.pointee.slice = Slices.none
      }
      if shape.isScalar, !mayBeTracked(a) { a.pointee = a.pointee.unboxed }
    }
  }

  private func checkFit(_ values: Shape, _ places: Shape) throws(Diagnostic) {
    guard
      values.isScalar || values == places
        || (values.isVector && places.isVector && values.count == places.count)
    else {
      throw Diagnostic(.error, "shapes do not fit: the place is \(places), the value \(values)")
        .hinting(values.transposed == places ? "transpose the value: '" : nil)
        .hinting(values == Shape(0, 0) ? withoutElementsHint : nil)
    }
  }

  private func writeList(_ a: Slot, _ b: Slot, _ c: Slot, _ setting: SubscriptSetting) throws(Diagnostic) {
    let count = setting.count
    guard case .list(var list) = a.take() else { return }
    defer { a.pointee = .list(list) }
    guard count == 1 else { throw Diagnostic(.error, "a list takes one subscript, not \(count)") }
    let picked = try axisSubscript(c, axis: 2, limit: list.count, setting.kind(0))
    guard case .one(let index) = picked else {
      throw Diagnostic(.error, "elements of a list are set one at a time")
    }
    if b.pointee.isNothing { throw undefined(assignedNode ?? nodeAtPlay) }
    do { try list.set(index, to: b.pointee, in: resources) } catch { throw Diagnostic(core: error) }
  }

  // MARK: Fields

  func field(_ base: Slot, _ index: Int) throws(Diagnostic) -> Value {
    let name = code.strings[index]
    switch base.pointee {
    case .table(let table): return try table.field(name, in: self)
    case .object(let object):
      if let value = object.field(name, near: &code.fieldPlaces[index]) { return value }
      if let network = object as? Network, let error = network.notYet(name, text(fieldBaseNode)) {
        throw error
      }
      if let problem = (object as? NamedMatrices)?.problem(with: name) { throw problem }
      throw unknownField(name, object.kindWithArticle, object.fieldNames)
    case .nothing: throw undefined(fieldBaseNode)
    case .matrix, .number:
      if name == "T" {
        throw Diagnostic(.error, "a matrix has no field T").hinting("the transpose is written A'")
      }
      if name == "shape" {
        throw Diagnostic(.error, "a matrix has no field shape").hinting("size(A) gives rows and columns")
      }
      throw noFields(base.pointee, name)
    default: throw noFields(base.pointee, name)
    }
  }

  /// `A.map(f)`, as other languages call functions.
  private func noFields(_ value: Value, _ name: String) -> Diagnostic {
    let error = Diagnostic(.error, "\(value.kindWithArticle) has no fields")
    if Builtins.index(of: name) != nil {
      return error.hinting("\(name) is a function, and its arguments stand in parentheses: \(name)(…)")
    }
    return error.hinting(NameHints.hint(for: name, known: []))
  }

  func fieldAssign(_ base: Slot, _ value: Slot, _ name: Int) throws(Diagnostic) {
    let name = code.strings[name]
    if value.pointee.isNothing { throw undefined(assignedNode ?? nodeAtPlay) }
    switch base.pointee {
    case .table(let table): base.pointee = .table(try table.setting(name, to: value.pointee, in: self))
    case .object(let object): try object.setField(name, to: value.pointee)
    case .nothing: throw undefined(fieldBaseNode)
    default: throw Diagnostic(.error, "\(base.pointee.kindWithArticle) has no fields")
    }
  }

  private func unknownField(_ name: String, _ kind: String, _ fields: [String]) -> Diagnostic {
    Diagnostic(.error, "\(kind) has no field \(name)")
      .hinting(
        Suggestion.nearest(to: name, in: fields).map { "did you mean \($0)?" }
          ?? (fields.isEmpty ? nil : "it has \(fields.prefix(12).joined(separator: ", "))"))
  }

  // MARK: Texts for messages

  /// `x[2] = []`, as other languages take elements out.
  private var withoutElementsHint: String {
    let tree = code.tree
    let node = nodeAtPlay
    let base = isShort(text(baseNode)) ? text(baseNode) : "x"
    guard tree.kind(node) == .index,
      let place = tree.children(node).dropFirst().firstIndex(where: { tree.kind($0) != .colon })
    else { return "what is to stay is picked: x = x[x != 3], x = x[[1:2, 4:end]]" }
    let written = tree.children(node)[place]
    var others = "[1:k - 1, k + 1:end]"
    if case .number(let k) = tree.expression(written) {
      let rest = "\(display.text(k + 1)):end"
      others = k > 1 ? "[1:\(display.text(k - 1)), \(rest)]" : rest
    }
    let subscripts = tree.children(node).dropFirst().map { $0 == written ? others : ":" }
    return "what is to stay is picked: \(base) = \(base)[\(subscripts.joined(separator: ", "))]"
  }

  private var baseNode: NodeID {
    let node = nodeAtPlay
    return code.tree.kind(node) == .index ? code.tree.child(node, 0) : node
  }

  private var fieldBaseNode: NodeID {
    let node = nodeAtPlay
    return code.tree.kind(node) == .field ? code.tree.child(node, 0) : node
  }

  private func badSubscript(_ place: Slot) -> Diagnostic {
    if place.pointee.isNothing { return undefined(nodeAtPlay) }
    let error = Diagnostic(.error, "a subscript is a number, and this is \(place.pointee.kindWithArticle)")
    guard case .list = place.pointee else { return error }
    return error.hinting("matrix(xs) makes a row of a list's numbers")
      .hinting("of strings, xs == \"a\" is 1 where they are equal, else 0")
  }

  private func badMask(_ mask: Shape, axis: Int, limit: Int) -> Diagnostic {
    let base = isShort(text(baseNode)) ? text(baseNode) : "it"
    let things = plural(limit, axis == 0 ? "row" : axis == 1 ? "column" : "element")
    return Diagnostic(.error, "the mask has \(plural(mask.count, "element")), and \(base) has \(things)")
  }

  /// `t[1, 2]`, with what reaches the cell, its column and its row.
  private func tableSubscripts(_ table: TableValue, _ subscripts: Slot, _ count: Int) -> Diagnostic {
    let error = Diagnostic(.error, "a table takes a column's name or rows, not \(count) subscripts")
    guard count == 2, let (column, row) = cell(table, subscripts) else { return error }
    let base = text(baseNode)
    let field = table.field(column, of: base)
    guard let row else { return error.hinting("\(field) is column \(SafeText.escaped(column))") }
    return error.hinting("\(field)[\(row)] is the cell, \(field) its column, \(base)[\(row)] its row")
  }

  /// `t[1, 2] = 3`
  private func tableAssignment(_ table: TableValue, _ subscripts: Slot, _ count: Int) -> Diagnostic {
    let base = text(baseNode)
    let example = table.names.first.map { table.field($0, of: base) } ?? "\(base).name"
    let error = Diagnostic(.error, "a table's columns are set by name: \(example) = column")
    guard count == 2, case (let column, let row?)? = cell(table, subscripts) else { return error }
    return error.hinting("one cell is \(table.field(column, of: base))[\(row)] = …")
  }

  /// The column's name and the row's text that two subscripts, in either order, mean; no row for `:`.
  private func cell(_ table: TableValue, _ subscripts: Slot) -> (column: String, row: String?)? {
    let node = nodeAtPlay
    guard code.tree.kind(node) == .index, code.tree.childCount(node) == 3 else { return nil }
    let isSwapped = subscripts.pointee.string != nil
    let column = (isSwapped ? subscripts : subscripts + 1).pointee
    let row = code.tree.child(node, isSwapped ? 2 : 1)
    let rowText = code.tree.kind(row) == .colon ? nil : text(row)
    if let name = column.string { return table.names.contains(name) ? (name, rowText) : nil }
    guard let number = column.number, let place = Int(exactly: number),
      table.names.indices.contains(place - 1)
    else { return nil }
    return (table.names[place - 1], rowText)
  }

  private func oneSubscript(_ shape: Shape) -> Diagnostic {
    Diagnostic(.error, "a \(shape) matrix takes two subscripts: row and column")
      .hinting("A[k, :] is row k, A[:, k] column k")
  }
}
