/// Which kinds of events a watch wants: exact names, or a prefix before `*`, such as `deploy:*`. Empty means all.
package struct EventKindFilter: Sendable {
    private let exact: Set<String>
    private let prefixes: [String]

    package init(_ kinds: [String]) {
        exact = Set(kinds.filter { !$0.hasSuffix("*") })
        prefixes = kinds.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }
    }

    package var wantsAll: Bool { exact.isEmpty && prefixes.isEmpty }

    package func wants(_ kind: String) -> Bool {
        if wantsAll { return true }
        return exact.contains(kind) || prefixes.contains { kind.hasPrefix($0) }
    }
}
