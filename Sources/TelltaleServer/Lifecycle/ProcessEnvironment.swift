import FoundationEssentials

/// The environment that the process was started with.
enum ProcessEnvironment {
    static var current: [String: String] { ProcessInfo.processInfo.environment }
}
