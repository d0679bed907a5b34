/// What is kept on the disk, and where (SPEC §5).
package struct StoreConfiguration: Hashable, Sendable {
    /// As the file says; nil leaves it to ``StorePath``.
    package var path: String?
    /// Whether anything is kept at all. Without it a daemon forgets with its process, whatever path is given.
    package var isEnabled = true
    /// How soon a save that was refused is tried again.
    package var retryInterval: Duration = .seconds(5)
    /// How long events stay, and runs and operations that are over.
    package var keep: Duration = .seconds(24 * 3_600)
    /// How much the file holds before events go ahead of their time.
    package var bytesMax = 256 << 20

    package init() {}
}

extension StoreConfiguration: TabularSection {
    package static var fields: [ConfigField<Self>] {
        [
            .path("path", \.path),
            .flag("enabled", \.isEnabled),
            // A store that is well again is to be used within 30 s (BEHAVIOURS 40).
            .duration("retry", \.retryInterval, .milliseconds(100)...(.seconds(30))),
            .duration("keep", \.keep, .seconds(3_600)...(.seconds(720 * 3_600))),
            .bytes("bytes", \.bytesMax, 16 << 20...64 << 30),
        ]
    }

    package var conflicts: [(key: String, message: String)] {
        guard let path, let complaint = StorePath.complaint(about: path) else { return [] }
        return [("path", complaint)]
    }
}
