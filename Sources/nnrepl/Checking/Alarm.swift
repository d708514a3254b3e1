import Synchronization

/// Does something after a time, unless it is ended before.
final class Alarm: Sendable {
  private let hasRung = Atomic(false)
  private let task: Mutex<Task<Void, Never>?> = Mutex(nil)

  init(after seconds: Double, _ ring: @escaping @Sendable () -> Void) {
    let waiting = Task.detached { [self] in
      do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
      hasRung.store(true, ordering: .relaxed)
      ring()
    }
    task.withLock { $0 = waiting }
  }

  /// Calls the alarm off; whether it had rung.
  func end() -> Bool {
    task.withLock { $0?.cancel() }
    return hasRung.load(ordering: .relaxed)
  }
}
