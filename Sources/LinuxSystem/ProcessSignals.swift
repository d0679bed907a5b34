import CLinux
import Glibc

/// Signals as readable events, so that they are handled on the loop and never in a handler.
package enum ProcessSignals {
    /// Blocks the signals for the calling thread and every thread it starts, and returns a descriptor to watch.
    /// Call it before any other thread exists.
    package static func descriptor(for signals: [Int32]) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(
            owning: Int32(
                try SystemCalls.checked("signalfd") { telltale_signal_descriptor(signals, signals.count) }))
    }

    /// The next signal that arrived; nil when there is none.
    package static func next(from descriptor: Int32) -> Int32? {
        let signal = telltale_signal_next(descriptor)
        return signal > 0 ? signal : nil
    }

    /// A peer that is gone is a result of `send`, never the end of the process.
    package static func ignoreBrokenPipes() { telltale_ignore_broken_pipes() }
}
