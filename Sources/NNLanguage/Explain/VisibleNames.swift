import NNCore

/// What the names of a scope mean: which values variables and networks hold, and which names are free.
struct VisibleNames {
  /// A value that `backward` computes a gradient for.
  struct Target {
    let name: String
    let gradientName: String
    let value: Matrix
  }

  private let machine: Machine
  /// What `backward` names, in its order.
  private(set) var targets: [Target] = []
  private var storages: [ObjectIdentifier: String] = [:]
  private var variables: [String: Machine.VariableReference] = [:]
  private let scope: Machine.Scope

  init(_ machine: Machine, _ scope: Machine.Scope) {
    self.machine = machine
    self.scope = scope
    for scope in scope == .global ? [.global] : [scope, .global] {
      for variable in machine.variables(of: scope) where variables[variable.name] == nil {
        variables[variable.name] = variable
        note(machine.place(of: variable).pointee, variable.name)
      }
    }
    for target in machine.gradientTargets(in: scope) {
      let name = target.variable.name
      targets.append(Target(name: name, gradientName: GradientName.of(name), value: target.value))
    }
    for object in machine.reachableObjects(scope) {
      let path = name(of: object) ?? "?"
      for (field, value) in zip(object.gradientTargetNames, object.gradientTargets) {
        targets.append(
          Target(
            name: "\(path).\(field)", gradientName: GradientName.of("\(path).\(field)"), value: value))
      }
    }
  }

  private mutating func note(_ value: Value, _ name: String) {
    switch value {
    case .matrix(let matrix):
      if storages[ObjectIdentifier(matrix.storage)] == nil {
        storages[ObjectIdentifier(matrix.storage)] = name
      }
    case .object(let object):
      for field in object.fieldNames {
        guard case .matrix(let matrix)? = object.field(field) else { continue }
        if storages[ObjectIdentifier(matrix.storage)] == nil {
          storages[ObjectIdentifier(matrix.storage)] = "\(name).\(field)"
        }
      }
    default: break
    }
  }

  /// The variable that holds an object.
  func name(of object: Object) -> String? {
    variables.values.filter {
      if case .object(let held) = machine.place(of: $0).pointee { return held === object }
      return false
    }.map(\.name).min()
  }

  /// The variable, or the field of one, that holds a matrix.
  func name(of storage: MatrixStorage) -> String? { storages[ObjectIdentifier(storage)] }

  func name(ofParam number: Int32) -> String? {
    switch machine.tracking.owners[Int(number)] {
    case .held(let owner, let field): owner.object.flatMap { name(of: $0) }.map { "\($0).\(field)" }
    case nil: nil
    default: machine.paramName(number)
    }
  }

  /// The variable of the top level with this number, as the tape notes where data was read from.
  func name(ofVariable number: Int32) -> String? {
    guard number >= 0, Int(number) < machine.globals.count else { return nil }
    let name = machine.globals.names[Int(number)]
    return variables[name]?.scope == .global ? name : nil
  }

  /// The number that a variable holds.
  func number(_ name: String) -> Scalar? {
    variables[name].flatMap { machine.place(of: $0).pointee.number }
  }

  func isVariable(_ name: String) -> Bool {
    variables[name].map { !machine.place(of: $0).pointee.isNothing } ?? false
  }

  /// Whether a name means something already: a variable, a function, a word of the language.
  func isUsed(_ name: String) -> Bool {
    isVariable(name) || Builtins.value(named: name) != nil
      || Keyword.allCases.contains { $0.spelling == name } || name == "ans"
  }
}
