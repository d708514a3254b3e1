import NNCore
import Testing

@testable import NNLanguage

/// What the machine takes for granted of how Swift lays values out.
@Suite struct LayoutTests {
  @Test func aValueIsItsPayloadAndATag() throws {
    let resources = Resources(limit: 1 << 20)
    let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    defer { place.deallocate() }
    #expect(MemoryLayout<Value>.stride == 16)
    let matrix = try Matrix(repeating: 2, Shape(2, 3), in: resources)
    let values: [(value: Value, tag: UInt8)] = [
      (.number(2.5), 0), (.matrix(matrix), 1), (.string("x"), 2), (.list(try List([], in: resources)), 3),
      (.function(Function(builtin: 0, name: "f")), 4), (.object(Object()), 6), (.nothing, 7),
    ]
    for (value, tag) in values {
      place.initialize(to: value)
      #expect(place.tag == tag, "\(value)")
      place.deinitialize(count: 1)
    }
    place.initialize(to: .number(2.5))
    #expect(place.uncheckedNumber == 2.5)
    place.uncheckedNumber = 7
    #expect(place.pointee.number == 7)
    place.pointee = .matrix(matrix)
    #expect(place.uncheckedStorage === matrix.storage)
    #expect(!place.holdsUniqueMatrix)
    place.deinitialize(count: 1)
  }

  @Test func zeroedMemoryIsTheNumberZero() {
    let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    defer { place.deallocate() }
    UnsafeMutableRawPointer(place).initializeMemory(as: UInt8.self, repeating: 0, count: 16)
    #expect(place.isNumber && place.uncheckedNumber == 0)
  }

  @Test func anInstructionTakesSixteenBytes() { #expect(MemoryLayout<Instruction>.stride == 16) }
}
