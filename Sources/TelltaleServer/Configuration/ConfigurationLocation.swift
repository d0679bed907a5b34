/// Which configuration file a daemon reads.
package struct ConfigurationLocation: Hashable, Sendable {
    /// Where a package installs it.
    package static let standardPath = "/etc/telltale/telltale.json5"

    package var path: String
    /// Whether somebody named it. The standard file may be absent, which means the defaults; a named one may not.
    package var isExplicit: Bool

    /// The first that is given and not empty of: `--config`, `TELLTALE_CONFIG`, ``standardPath``.
    package static func resolve(option: String? = nil, environment: [String: String]) -> Self {
        for given in [option, environment["TELLTALE_CONFIG"]] {
            if let given, !given.isEmpty { return Self(path: given, isExplicit: true) }
        }
        return Self(path: standardPath, isExplicit: false)
    }
}
