import CNumerics

/// Operations that write into storage that is already there, so that a loop of small lines allocates nothing.
///
/// A value is replaced whole or not at all: memory that holds one is written only by work that cannot fail and is
/// too short to be worth interrupting. Everything else gets new storage.
extension Operation {
  /// `destination` becomes the result; its storage is used again if nothing else refers to it and it fits.
  package static func apply(
    _ id: OperationID, _ a: Matrix, _ attributes: Attributes = .none, into destination: inout Matrix,
    in resources: Resources
  ) throws(CoreError) {
    let route = Route[id]
    if let function = route.pointee.unary, route.pointee.isQuiet(a.count), destination.canHold(a.shape) {
      try resources.checkCancellation()
      function(a.count, a.pointer, destination.mutablePointer)
      destination.storage.node = .none
    } else {
      destination = try apply(id, a, attributes, in: resources)
    }
  }

  package static func apply(
    _ id: OperationID, _ a: Matrix, _ b: Matrix, _ attributes: Attributes = .none,
    into destination: inout Matrix, in resources: Resources
  ) throws(CoreError) {
    if id == .product {
      try multiply(a, b, attributes, into: &destination, in: resources)
    } else if try !fill(&destination, id, Operand(a), Operand(b), in: resources) {
      destination = try apply(id, a, b, attributes, in: resources)
    }
  }

  package static func apply(
    _ id: OperationID, _ a: Matrix, _ b: Scalar, _ attributes: Attributes = .none,
    into destination: inout Matrix, in resources: Resources
  ) throws(CoreError) {
    try withUnsafePointer(to: b) { (number) throws(CoreError) in
      if try !fill(
        &destination, id, Operand(a), Operand(elements: number, shape: .scalar), in: resources)
      {
        destination = try apply(id, a, b, attributes, in: resources)
      }
    }
  }

  package static func apply(
    _ id: OperationID, _ a: Scalar, _ b: Matrix, _ attributes: Attributes = .none,
    into destination: inout Matrix, in resources: Resources
  ) throws(CoreError) {
    try withUnsafePointer(to: a) { (number) throws(CoreError) in
      if try !fill(
        &destination, id, Operand(elements: number, shape: .scalar), Operand(b), in: resources)
      {
        destination = try apply(id, a, b, attributes, in: resources)
      }
    }
  }

  /// `a = id(a)`, in place where nothing else refers to its storage.
  package static func update(_ id: OperationID, _ a: inout Matrix, in resources: Resources) throws(CoreError)
  {
    let route = Route[id]
    if let function = route.pointee.unary, route.pointee.isQuiet(a.count), a.canHold(a.shape) {
      try resources.checkCancellation()
      function(a.count, a.pointer, a.mutablePointer)
      a.storage.node = .none
    } else {
      a = try apply(id, a, in: resources)
    }
  }

  /// `a = id(a, b)`, in place where `b` stretches to `a` and nothing else refers to its storage.
  package static func update(
    _ id: OperationID, _ a: inout Matrix, with b: Matrix, in resources: Resources
  ) throws(CoreError) {
    if try !fill(&a, id, Operand(a), Operand(b), in: resources) {
      a = try apply(id, a, b, in: resources)
    }
  }

  package static func update(
    _ id: OperationID, _ a: inout Matrix, with b: Scalar, in resources: Resources
  ) throws(CoreError) {
    try withUnsafePointer(to: b) { (number) throws(CoreError) in
      if try !fill(&a, id, Operand(a), Operand(elements: number, shape: .scalar), in: resources) {
        a = try apply(id, a, b, in: resources)
      }
    }
  }

  /// `b = id(a, b)`, in place where `a` stretches to `b` and nothing else refers to its storage.
  package static func update(
    _ id: OperationID, _ a: Matrix, onto b: inout Matrix, in resources: Resources
  ) throws(CoreError) {
    if try !fill(&b, id, Operand(a), Operand(b), in: resources) {
      b = try apply(id, a, b, in: resources)
    }
  }

  package static func update(
    _ id: OperationID, _ a: Scalar, onto b: inout Matrix, in resources: Resources
  ) throws(CoreError) {
    try withUnsafePointer(to: a) { (number) throws(CoreError) in
      if try !fill(&b, id, Operand(elements: number, shape: .scalar), Operand(b), in: resources) {
        b = try apply(id, a, b, in: resources)
      }
    }
  }

  /// Writes the elementwise result into `destination`, which may be an operand; false where that is not possible.
  @inline(__always)
  private static func fill(
    _ destination: inout Matrix, _ id: OperationID, _ a: Operand, _ b: Operand, in resources: Resources
  ) throws(CoreError) -> Bool {
    let route = Route[id]
    guard let function = route.pointee.binary else { return false }
    let shape = try Shape.broadcast(a.shape, b.shape, id)
    guard route.pointee.isQuiet(shape.count), destination.canHold(shape) else { return false }
    try resources.checkCancellation()
    Elementwise.runQuietly(function, a, b, into: destination.mutablePointer, shape)
    destination.storage.node = .none
    return true
  }

  @inline(__always)
  private static func multiply(
    _ a: Matrix, _ b: Matrix, _ attributes: Attributes, into destination: inout Matrix,
    in resources: Resources
  ) throws(CoreError) {
    let shape = try Shape.product(a.shape, b.shape, attributes, "*")
    let depth = attributes.first & 1 == 0 ? a.columns : a.rows
    guard Scalar(shape.count) * Scalar(depth) < 1e8, destination.canHold(shape) else {
      destination = try apply(.product, a, b, attributes, in: resources)
      return
    }
    try resources.checkCancellation()
    Products.multiply(
      Operand(a), Operand(b), attributes, into: destination.mutablePointer, shape, nn_never_flag())
    destination.storage.node = .none
  }
}

extension Matrix {
  /// Whether a value of `shape` can be written here unseen by others.
  @inline(__always)
  fileprivate mutating func canHold(_ shape: Shape) -> Bool {
    self.shape == shape && isKnownUniquelyReferenced(&storage)
  }
}

extension Route {
  @inline(__always)
  fileprivate func isQuiet(_ count: Int) -> Bool { count <= quietLimit }
}
