import FoundationEssentials

/// A file that lives as long as its value.
final class TemporaryFile: Sendable {
    let path: String

    init(_ content: [UInt8], permissions: Int = 0o600) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "telltale-\(UUID().uuidString)").path
        try Data(content).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
    }

    func replace(_ content: [UInt8]) throws { try Data(content).write(to: URL(filePath: path), options: .atomic) }

    // A file left behind in the temporary directory harms no test.
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
