import NNCore

/// The examples of a training run, taken in batches of columns.
struct Batches {
  let inputs: Matrix
  let outputs: Matrix
  /// Examples on rows: a batch reads whole rows of these, which is what memory is fast at. Nil for one batch of all.
  private let turned: (inputs: Matrix, outputs: Matrix)?
  let size: Int
  /// The order of the epoch, from 0.
  private var order: [Int] = []

  init(_ inputs: Matrix, _ outputs: Matrix, size: Int, in resources: Resources) throws(CoreError) {
    self.inputs = inputs
    self.outputs = outputs
    self.size = min(size, inputs.columns)
    if size < inputs.columns {
      turned = (
        try Operation.apply(.transpose, inputs, in: resources),
        try Operation.apply(.transpose, outputs, in: resources)
      )
    } else {
      turned = nil
    }
  }

  var count: Int { inputs.columns }
  var isWhole: Bool { turned == nil }

  mutating func shuffle(_ random: inout RandomStream, in resources: Resources) throws(CoreError) {
    if isWhole { return }
    order = try random.permutation(count, in: resources).buffer.map { Int($0) }
  }

  /// The place of an example in the epoch's order.
  func example(_ place: Int) -> Int { isWhole ? place : order[place] }

  /// Copies the examples from `start` on into a batch's own matrices.
  func fill(_ batchInputs: Matrix, _ batchOutputs: Matrix, from start: Int) {
    guard let turned else { return }
    copy(turned.inputs, batchInputs, start)
    copy(turned.outputs, batchOutputs, start)
  }

  private func copy(_ rows: Matrix, _ batch: Matrix, _ start: Int) {
    let (features, width) = (rows.columns, batch.columns)
    for k in 0..<width {
      let source = rows.pointer + order[start + k] * features
      let target = batch.mutablePointer + k
      for feature in 0..<features { target[feature * width] = source[feature] }
    }
  }
}
