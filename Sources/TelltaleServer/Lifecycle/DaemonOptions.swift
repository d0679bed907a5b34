import StatusModel

/// What the command line of `telltaled` says.
package struct DaemonOptions: Equatable {
    /// What is to be done.
    package enum Task: Equatable {
        case serve, checkConfig, version, help
    }

    package var task = Task.serve
    package var config: String?
    package var socket: String?
    package var store: String?

    /// Why a command line is refused, in one sentence.
    package struct UsageError: Error, Equatable {
        package var message: String
    }

    package init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let (name, inline) = Self.split(argument)
            switch name {
            case "--config": config = try Self.value(of: name, inline, &rest)
            case "--socket": socket = try Self.value(of: name, inline, &rest)
            case "--store": store = try Self.value(of: name, inline, &rest)
            case "--check-config": task = .checkConfig
            case "--version": task = .version
            case "--help", "-h": task = .help
            default:
                throw UsageError(
                    message: "\(PrintableText.quoted(argument)) is no option of telltaled; see telltaled --help")
            }
        }
    }

    private static func split(_ argument: String) -> (name: String, value: String?) {
        guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else { return (argument, nil) }
        return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
    }

    private static func value(
        of name: String, _ inline: String?, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        guard let value = inline ?? rest.popFirst(), !value.isEmpty else {
            throw UsageError(message: "\(name) needs a path after it; see telltaled --help")
        }
        return value
    }

    package static let help = """
        telltaled: keeps the last known status of every integration of this host's projects, and serves it on a socket.

        Usage: telltaled [--config PATH] [--socket PATH] [--store PATH] [--check-config]

          --config PATH    the configuration (default: $TELLTALE_CONFIG, else \(ConfigurationLocation.standardPath))
          --socket PATH    the socket (default: $TELLTALE_SOCKET, the configuration, $RUNTIME_DIRECTORY/telltale.sock,
                           $XDG_RUNTIME_DIR/telltale/telltale.sock, else \(SocketPath.systemPath))
          --store PATH     the file of what survives the daemon (default: the configuration, $STATE_DIRECTORY/telltale.db,
                           else \(StorePath.systemPath) for root, and for other users
                           $XDG_STATE_HOME/telltale/telltale.db or ~/.local/state/telltale/telltale.db)
          --check-config   name every mistake of the configuration with file, line and path, and exit: 0 when there is none,
                           78 otherwise
          --version        print the version and how it was built
          --help           print this

        Examples:
          telltaled --check-config --config ./telltale.json5
          telltaled --config ./telltale.json5 --socket /tmp/telltale.sock --store /tmp/telltale.db
          telltale --socket /tmp/telltale.sock status

        Signals: SIGTERM and SIGINT drain: no new calls, 5 s for those that run, and watchers are told where to resume.
                 An action that was sent has 10 s more.
                 SIGHUP reads the configuration anew: changed projects count at once and no connection is dropped; what
                 needs a restart is named in the log. A mistaken file is named there too, and changes nothing.

        """
}
