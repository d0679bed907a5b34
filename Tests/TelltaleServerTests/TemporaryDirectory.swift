import FoundationEssentials

/// A directory that lives as long as its value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "telltale-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    // A directory left behind among the temporary ones harms no test.
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
