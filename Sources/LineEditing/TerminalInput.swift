import CEditline

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Waits for the keyboard and for signals at once.
struct TerminalInput {
  var decoder = InputDecoder()
  private let descriptor: Int32
  private var hasEnded = false
  private var bursts = InputBursts()

  /// How long an unfinished sequence may wait for its rest before it is taken for separate keys, milliseconds.
  private static let sequencePatience: Int32 = 25
  /// The same for a character of which only the first bytes came: no key sends them alone.
  private static let characterPatience: Int32 = 1_000
  /// How long a paste may pause before it is taken to have lost its end, and behind a Ctrl-C.
  private static let pastePatience: Int32 = 1_000
  private static let interruptPatience: Int32 = 100

  init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

  /// Whether something waits to be read.
  var isReady: Bool { decoder.hasEvent || hasEnded || wait(0) != .nothing }

  /// The next event, or nil when none came within `patience` milliseconds; -1 waits for ever.
  mutating func next(patience: Int32 = -1) -> InputEvent? {
    while true {
      if let event = signalEvent() { return event }
      if let event = decoder.next(isFinal: hasEnded) { return event }
      if hasEnded { return .end }
      switch wait(restPatience ?? patience) {
      case .signal:
        if nne_signals_pending() == 0 { _ = nne_signals_take(0) }  // its bit was taken before its byte
      case .bytes: fill()
      case .nothing:
        if decoder.isPasting { return decoder.abandonPaste() }
        if !decoder.isEmpty { return decoder.next(isFinal: true) }
        if patience >= 0 { return nil }
      }
    }
  }

  /// How long the rest of what has begun may take; nil where nothing has.
  private var restPatience: Int32? {
    if decoder.isPasting {
      return decoder.hasInterruptInPaste ? Self.interruptPatience : Self.pastePatience
    }
    if decoder.isEmpty { return nil }
    return decoder.isInCharacter ? Self.characterPatience : Self.sequencePatience
  }

  /// Looks through what was typed ahead for a Ctrl-C: it was meant for the work that begins now.
  mutating func takeInterrupt() -> Bool {
    while !hasEnded, wait(0) == .bytes { fill() }
    return decoder.dropThroughInterrupt()
  }

  // MARK: what came at once

  /// Which burst the event given last belongs to.
  var burst: Int { bursts.burst(at: decoder.consumed - 1) }

  /// Which burst the byte at a place, as `decoder.consumed` counts them, belongs to.
  func burst(at place: Int) -> Int { bursts.burst(at: place) }

  /// Whoever sees an empty line waiting may answer at once: what comes now is no part of what came before.
  mutating func endBurst() { bursts.end() }

  /// Forgets where the bursts before the event to come began.
  mutating func forgetBursts() { bursts.forget(before: decoder.consumed) }

  // MARK: waiting

  private enum Wakeup { case bytes, signal, nothing }

  private func wait(_ patience: Int32) -> Wakeup {
    var sources = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: nne_signals_descriptor(), events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&sources, 2, patience) > 0 else { return .nothing }
    if sources[1].revents != 0 { return .signal }
    return sources[0].revents != 0 ? .bytes : .nothing
  }

  private mutating func fill() {
    let descriptor = descriptor
    var count = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initialized in
      count = read(descriptor, buffer.baseAddress, buffer.count)
      initialized = max(0, count)
    }
    if count > 0 {
      bursts.add(chunk, at: decoder.received)
      decoder.append(chunk)
    } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
      hasEnded = true
    }
  }

  private func signalEvent() -> InputEvent? {
    let pending = nne_signals_pending()
    func take(_ bit: Int) -> Bool {
      pending & UInt32(bit) != 0 && nne_signals_take(UInt32(bit)) != 0
    }
    if take(Int(NNE_TERMINATE)) { return .terminated(nne_signals_termination()) }
    if take(Int(NNE_INTERRUPT)) { return .interrupted }
    if take(Int(NNE_RESUMED)) { return .resumed }
    if take(Int(NNE_RESIZED)) { return .resized }
    return nil
  }
}
