import NNCore

extension Network {
  /// The layers as a table: shapes, and how many numbers are trained.
  func summary() -> [String] {
    var rows: [[String]] = [["layer", "", "shapes", "params"]]
    var number = 0
    for layer in layers {
      switch layer {
      case .dense(let inputs, let outputs, _, _):
        number += 1
        rows.append([
          "\(number)", layer.words, "W\(number) \(outputs)×\(inputs), b\(number) \(outputs)×1",
          grouped(outputs * inputs + outputs),
        ])
      case .batchNorm:
        let width = param("gamma\(number)").map { state.params[$0].value.count } ?? 0
        rows.append(["", layer.words, "gamma\(number), beta\(number) \(width)×1", grouped(2 * width)])
      case .dropout, .function: rows.append(["", layer.words, "", ""])
      }
    }
    let total = state.params.reduce(0) { $0 + $1.value.count }
    return table(rows) + [
      "\(grouped(total)) params; X is \(inputCount)×m, the output \(outputCount)×m: columns are examples"
    ]
  }

  private func table(_ rows: [[String]]) -> [String] {
    let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let gap = String(repeating: " ", count: widths[column] - text.count)
        return column == 3 ? gap + text : text + gap
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
  }

  /// A count with its thousands apart: 101,770.
  private func grouped(_ count: Int) -> String {
    var text = ""
    for (index, digit) in String(count).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
