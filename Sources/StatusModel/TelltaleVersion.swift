/// The version of daemon, client and command line, which are released together.
public enum TelltaleVersion {
    /// By semver.org: the wire stays compatible within a major version.
    public static let current = "0.1.0"
}
