import CEditline

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The signals of an interactive program.
///
/// Ctrl-C during work sets a flag. SIGTERM and SIGHUP end the process with the terminal restored and the status
/// its parent expects; so do crashes. While a line is edited, the editor first saves what was typed.
package enum Signals {
  /// Installs the handlers, once per process; call it on the thread that edits and computes.
  package static func install() { _ = nne_signals_install() }

  /// Has SIGINT set the `_Atomic(unsigned)` at `flag` to 1 as well. The editor clears it when a line was entered,
  /// before Ctrl-C can mean that line; clearing it later would lose a quick Ctrl-C.
  package static func setInterruptFlag(_ flag: UnsafeMutableRawPointer?) { nne_set_interrupt_flag(flag) }

  /// Whether Ctrl-C was pressed since the last `clearInterrupt`.
  package static var isInterrupted: Bool { nne_signals_pending() & UInt32(NNE_INTERRUPT) != 0 }

  package static func clearInterrupt() {
    _ = nne_signals_take(UInt32(NNE_INTERRUPT))
    nne_clear_interrupt_flag()
  }

  /// Waits until `descriptor` has something to read or has ended; false when SIGINT came first, on whichever thread.
  package static func waitForInput(_ descriptor: Int32) -> Bool {
    var sources = [descriptor, nne_signals_descriptor()].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while !isInterrupted {
      let count = poll(&sources, nfds_t(sources.count), -1)
      if count > 0, sources[0].revents != 0 { return true }
      if count > 0 || errno == EINTR { _ = nne_signals_take(UInt32(NNE_RESIZED | NNE_RESUMED)) }
    }
    return false
  }

  /// Ends the process as an unhandled `signal` would, terminal restored: after Ctrl-C in a script, SIGINT.
  package static func terminate(by signal: Int32) -> Never {
    nne_signals_die(signal)
  }
}
