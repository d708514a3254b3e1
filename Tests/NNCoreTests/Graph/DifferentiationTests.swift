import Testing

@testable import NNCore

@Suite("Gradients of recorded values")
struct DifferentiationTests {
  @Test("the graph of the second seed")
  func seed() throws {
    let r = Recorder()
    let (x, y, z) = (
      try r.param(0, try r.number(1)), try r.param(1, try r.number(3)), try r.param(2, try r.number(-3))
    )
    let p = try r.run(.add, [x, y])
    let g = try r.run(.multiply, [p, z])
    let gradients = try r.backward(g, [g, p, z, x, y]).map { $0?.elements }
    #expect(gradients == [[1], [-3], [4], [-3], [-3]])
  }

  @Test("what the output does not depend on has no gradient")
  func independent() throws {
    let r = Recorder()
    let (x, y) = (try r.param(0, try r.number(1)), try r.param(1, try r.number(3)))
    let g = try r.run(.exp, [x])
    let data = try r.number(1)
    #expect(try r.backward(g, [y, data, x]).map { $0 == nil } == [true, true, false])
  }

  @Test("misuse is an error")
  func misuse() throws {
    let r = Recorder()
    let w = try r.param(0, try r.matrix(1, 2, [1, 2]))
    let y = try r.run(.exp, [w])
    #expect(throws: CoreError.notScalar(Shape(1, 2))) { try r.backward(y, [w]) }
    #expect(throws: CoreError.notTracked) { try r.backward(try r.number(1), [w]) }
  }

  @Test("a plan is found again, and its values are those of the second run")
  func planAgain() throws {
    let r = Recorder()
    for value in [0.5, 1.5, 2.5] {
      let w = try r.param(0, try r.number(value))
      let x = try r.number(value * 2)
      let j = try r.run(.sin, [try r.run(.multiply, [w, x])])
      let gradient = try present(try r.backward(j, [w])[0])
      #expect(abs(gradient.elements[0] - 2 * value * cos2(2 * value * value)) < 1e-14)
    }
    #expect(r.differentiation.planCount == 1)
    let w = try r.param(0, try r.number(1))
    _ = try r.backward(try r.run(.cos, [w]), [w])
    #expect(r.differentiation.planCount == 2)
  }

  private func cos2(_ x: Double) -> Double { Operation.scalar(.cos, x) }

  @Test("literals are part of the structure, values of variables are not")
  func literals() throws {
    let r = Recorder()
    let w = try r.param(0, try r.number(3))
    for value in [2.0, 5] {
      let j = try r.run(.multiply, [(w, .matrix(w)), try r.literal(value)])
      #expect(try r.backward(j, [w])[0]?.elements == [value])
    }
    #expect(r.differentiation.planCount == 2)
    for value in [2.0, 5] {
      let number = try r.number(value)
      let j = try r.run(.multiply, [(w, .matrix(w)), (number, .number(value))])
      #expect(try r.backward(j, [w])[0]?.elements == [value])
    }
    #expect(r.differentiation.planCount == 3)
  }

  @Test("a plan rests on what it was told about data")
  func facts() throws {
    let r = Recorder()
    let w = try r.param(0, try r.matrix(2, 2, [0.1, 0.2, 0.3, 0.4]))
    for labels in [[1.0, 0, 0, 1], [0.5, 0, 0, 1], [0, 1, 1, 0]] {
      let y = try r.matrix(2, 2, labels)
      let a = try r.run(.softmax, [w])
      let j = try r.run(.crossEntropy, [a, y])
      let gradient = try present(try r.backward(j, [w])[0]).elements
      let p = a.elements
      let sums = [labels[0] + labels[2], labels[1] + labels[3]]
      let expected = (0..<4).map { (p[$0] * sums[$0 % 2] - labels[$0]) / 2 }
      #expect(zip(gradient, expected).allSatisfy { abs($0 - $1) < 1e-15 })
    }
    #expect(r.differentiation.planCount == 2)
  }

  @Test("gradients of gradients")
  func hessian() throws {
    let r = Recorder()
    let x = try r.param(0, try r.number(0.7))
    var y = try r.run(.sin, [x])
    let expected = [0.7648421872844885, -0.644217687237691, -0.7648421872844885, 0.644217687237691]
    for value in expected {
      y = try r.grad(y, [x])[0]
      #expect(abs(y.elements[0] - value) < 1e-14)
    }
  }

  @Test("the gradient of what does not depend on a value is zeros")
  func zeroGradient() throws {
    let r = Recorder()
    let x = try r.param(0, try r.matrix(1, 2, [1, 2]))
    let y = try r.param(1, try r.number(2))
    let j = try r.run(.exp, [y])
    #expect(try r.grad(j, [x])[0].elements == [0, 0])
  }

  @Test("the first value that is not finite is named")
  func nonFinite() throws {
    let r = Recorder()
    r.tape.origin = 1
    let x = try r.param(0, try r.matrix(1, 2, [1, 0]))
    let y = try r.run(.add, [x, x])
    r.tape.origin = 2
    let z = try r.run(.log, [y])
    r.tape.origin = 3
    let j = try r.run(.sum, [z])
    let found = try present(r.differentiation.firstNonFinite(beneath: j) { r.params[$0]! })
    #expect(found.origin == 2 && found.operation == .log && found.index == 1 && found.value == -.infinity)
    #expect(r.differentiation.firstNonFinite(beneath: y) { r.params[$0]! } == nil)
  }

  @Test("running out of memory leaves the tape as it was")
  func allocationFailure() throws {
    let r = Recorder()
    let w = try r.param(0, try r.matrix(2, 2, [1, 2, 3, 4]))
    let j = try r.run(.sum, [try r.run(.tanh, [try r.run(.product, [w, w])])])
    let expected = try present(try r.backward(j, [w])[0]).elements
    for allowed in 0..<100 {
      let fresh = Differentiation(r.tape, in: r.resources)
      r.resources.allocationsUntilFailure = allowed
      let result = try? fresh.backward(j, named: [w]) { r.params[$0]! }
      r.resources.allocationsUntilFailure = nil
      if let result {
        #expect(result[0]?.elements == expected)
        return
      }
    }
    Issue.record("never succeeded")
  }
}
