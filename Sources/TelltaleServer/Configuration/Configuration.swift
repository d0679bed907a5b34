package import StatusCore

/// Everything that one daemon is told (SPEC §9), validated.
package struct Configuration: Hashable, Sendable {
    package var socket = SocketConfiguration()
    package var access: AccessPolicy
    package var limits = Limits()
    package var refresh = RefreshConfiguration()
    package var retry = RetryConfiguration()
    package var breaker = BreakerConfiguration()
    package var store = StoreConfiguration()
    package var log = LogConfiguration()
    package var http = HTTPConfiguration()
    package var statusPages = StatusPagesConfiguration()
    package var actions = ActionsConfiguration()
    /// Tokens that the daemon renews by itself, sorted by name.
    package var oauth: [OAuthEntry] = []
    /// Sorted by id.
    package var projects: [ProjectDefinition] = []
    /// The programs that carry out actions of the projects.
    package var commands = CommandTable()

    package init(access: AccessPolicy) { self.access = access }

    /// What applies without a file: every default, no project, this user and root as owners.
    package static var `default`: Self { Self(access: AccessPolicy(ownUserID: AccountDirectory.system.ownUserID)) }
}

extension Configuration {
    /// The longest file read, in bytes: about what 100,000 projects with all providers take. Ten thousand take 8 MiB.
    package static let fileBytesMax = 64 << 20

    /// Reads and validates a file.
    ///
    /// - Throws: every mistake in it, or the one that kept it from being read.
    package static func load(
        path: String, accounts: AccountDirectory = .system
    ) throws(ConfigurationError) -> Self {
        let file: RegularFile
        do throws(RegularFileError) {
            file = try RegularFile(path: path, bytesMax: fileBytesMax)
        } catch {
            let mistake = ConfigMistake(file: path, line: 0, message: "the configuration \(error.reason)")
            throw ConfigurationError(mistakes: [mistake])
        }
        return try parse(file.bytes, file: path, accounts: accounts)
    }

    /// Validates the content of a file. Pure but for `accounts`; `file` only names it in messages.
    package static func parse(
        _ bytes: [UInt8], file: String, accounts: AccountDirectory
    ) throws(ConfigurationError) -> Self {
        let mistakes = MistakeCollector()
        let map: ConfigSourceMap
        do throws(ConfigSyntaxError) {
            let reading = try ConfigScanner.read(bytes)
            let configuration = Self(reading.value, accounts: accounts, mistakes: mistakes)
            if let configuration, mistakes.isEmpty, !reading.hasDuplicates { return configuration }
            map = try ConfigScanner.scan(bytes)
        } catch {
            let message = "column \(error.column): \(error.message)"
            throw ConfigurationError(mistakes: [ConfigMistake(file: file, line: error.line, message: message)])
        }
        mistakes.addDuplicates(of: map)
        throw ConfigurationError(mistakes: mistakes.located(in: file, by: map))
    }

    private init?(_ value: ConfigValue, accounts: AccountDirectory, mistakes: MistakeCollector) {
        let keys = [
            "socket", "access", "limits", "refresh", "retry", "breaker", "store", "log", "http", "statusPages",
            "actions", "oauth", "projects",
        ]
        let top = ConfigPath()
        guard let root = ConfigSection(value, at: top, keys: keys, mistakes: mistakes) else { return nil }
        access = AccessPolicy(
            root["access"], at: top.appending("access"), accounts: accounts, mistakes: mistakes)
        socket = SocketConfiguration(
            root["socket"], at: top.appending("socket"), accounts: accounts, mistakes: mistakes)
        limits = root.table("limits")
        refresh = root.table("refresh")
        retry = root.table("retry")
        breaker = root.table("breaker")
        store = root.table("store")
        log = root.table("log")
        http = root.table("http")
        statusPages = root.table("statusPages")
        actions = root.table("actions")
        actions.expectOAuthEntries(at: top.appending("actions"), mistakes)
        oauth = OAuthSection.read(root["oauth"], at: top.appending("oauth"), mistakes: mistakes)
        projects = ProjectsSection.read(
            root["projects"], at: top.appending("projects"), mistakes: mistakes, commands: &commands)
        mistakes.resolveOAuthEntries(root["oauth"].map(OAuthSection.names) ?? [])
    }
}
