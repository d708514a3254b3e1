import NNCore

/// The variables of the top level: names to slots, and a value and notes for each.
///
/// Slots are never given back, so compiled code can name a variable by its slot for good.
final class Globals {
  let resources: Resources
  private(set) var names: [String] = []
  private var slots: [String: Int] = [:]
  /// By variable, the slot of its gradient's; -1 where nobody asked for it yet.
  private var gradientSlots: [Int] = []
  private(set) var notes: UnsafeMutablePointer<VariableNote>
  private var noteCapacity = 64
  // Values lie below the machine's register 0, the first nearest.
  private let top: UnsafeMutablePointer<Value>
  /// The most variables there can be.
  static let capacity = 1 << 22

  /// - Parameter top: the place above `capacity` places, all of them holding numbers.
  init(resources: Resources, top: UnsafeMutablePointer<Value>) {
    self.resources = resources
    self.top = top
    notes = .allocate(capacity: noteCapacity)
  }

  deinit { notes.deallocate() }

  /// The place of a variable's value.
  @inline(__always)
  subscript(slot: Int) -> UnsafeMutablePointer<Value> { top - (slot + 1) }

  var count: Int { names.count }

  /// The slot of a variable, made for it if it is new.
  func slot(of name: String) -> Int {
    if let slot = slots[name] { return slot }
    if names.count == noteCapacity { grow() }
    let slot = names.count
    names.append(name)
    slots[name] = slot
    gradientSlots.append(-1)
    self[slot].pointee = .nothing
    (notes + slot).initialize(to: VariableNote())
    return slot
  }

  /// The slot of a variable that code has named before.
  func existingSlot(of name: String) -> Int? { slots[name] }

  /// The slot of the variable that holds a variable's gradient.
  func gradientSlot(of variable: Int) -> Int {
    if gradientSlots[variable] < 0 { gradientSlots[variable] = slot(of: GradientName.of(names[variable])) }
    return gradientSlots[variable]
  }

  /// The value of a variable, if it has one.
  func value(of name: String) -> Value? {
    guard let slot = slots[name], !self[slot].pointee.isNothing else { return nil }
    return self[slot].pointee
  }

  private func grow() {
    let newNotes = UnsafeMutablePointer<VariableNote>.allocate(capacity: noteCapacity * 2)
    newNotes.moveInitialize(from: notes, count: names.count)
    notes.deallocate()
    notes = newNotes
    noteCapacity *= 2
  }
}

/// What is known of a variable besides its value.
struct VariableNote: Equatable {
  /// The number of the param it is; -1 for an ordinary variable.
  var param: Int32 = -1
  /// The statements that compute it from params, for `forward`; 0 for none.
  var slice: Int32 = 0
  /// The last statement that assigned it, where that was noted; -1 for none.
  var definition: Int32 = -1
  /// The user's last statement that assigned it as a gradient, failed ones included; -1 for none.
  var handStatement: Int32 = -1
  /// A gradient that no `step` has used yet.
  var isNewGradient = false
  /// A gradient whose value `backward` set.
  var isFromBackward = false

  var isParam: Bool { param >= 0 }
}
