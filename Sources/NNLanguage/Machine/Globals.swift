import NNCore

/// The variables of the top level: names to slots, and a value and notes for each.
///
/// Slots are never given back, so compiled code can name a variable by its slot for good.
final class Globals {
  let resources: Resources
  private(set) var names: [String] = []
  private var slots: [String: Int] = [:]
  /// The values, by slot; moves when variables are added.
  private(set) var values: UnsafeMutablePointer<Value>
  private(set) var notes: UnsafeMutablePointer<VariableNote>
  private var capacity = 64

  init(resources: Resources) {
    self.resources = resources
    values = .allocate(capacity: capacity)
    notes = .allocate(capacity: capacity)
  }

  deinit {
    values.deinitialize(count: names.count)
    values.deallocate()
    notes.deallocate()
  }

  var count: Int { names.count }

  /// The slot of a variable, made for it if it is new.
  func slot(of name: String) -> Int {
    if let slot = slots[name] { return slot }
    if names.count == capacity { grow() }
    let slot = names.count
    names.append(name)
    slots[name] = slot
    (values + slot).initialize(to: .nothing)
    (notes + slot).initialize(to: VariableNote())
    return slot
  }

  /// The slot of a variable that code has named before.
  func existingSlot(of name: String) -> Int? { slots[name] }

  /// The value of a variable, if it has one.
  func value(of name: String) -> Value? {
    guard let slot = slots[name], !values[slot].isNothing else { return nil }
    return values[slot]
  }

  private func grow() {
    let newValues = UnsafeMutablePointer<Value>.allocate(capacity: capacity * 2)
    newValues.moveInitialize(from: values, count: names.count)
    values.deallocate()
    values = newValues
    let newNotes = UnsafeMutablePointer<VariableNote>.allocate(capacity: capacity * 2)
    newNotes.moveInitialize(from: notes, count: names.count)
    notes.deallocate()
    notes = newNotes
    capacity *= 2
  }
}

/// What is known of a variable besides its value.
struct VariableNote {
  /// The number of the param it is; -1 for an ordinary variable.
  var param: Int32 = -1
  /// The statements that compute it from params, for `forward`; 0 for none.
  var slice: Int32 = 0
  /// The user's last statement that assigned it as a gradient; -1 for none.
  var handStatement: Int32 = -1
  /// A gradient that no `step` has used yet.
  var isNewGradient = false
  /// A gradient whose value `backward` set.
  var isFromBackward = false

  var isParam: Bool { param >= 0 }
}
