/// What the command line of `telltale-sim` asks for.
package enum SimulatorCommand: Hashable, Sendable {
    case help
    case serve(Options)

    package struct Options: Hashable, Sendable {
        package var port: UInt16 = 0
        /// Where the port is written once the server is ready; nil for nowhere.
        package var portFile: String?
        /// Repositories beside the example's, as `owner/name`.
        package var repositories: [String] = []
        /// Tokens beside the example's.
        package var tokens: [String] = []
        package var latency: Duration?
        package var isQuiet = false

        package init() {}
    }

    /// A command line that asks for nothing known; the message says what to write instead.
    package struct UsageError: Error, Hashable, Sendable {
        package var message: String
    }

    package static let usage = """
        telltale-sim plays GitHub, Vercel, Sanity, Supabase, HTTP workers and status
        pages on 127.0.0.1, with faults on demand.

        Usage: telltale-sim [options]

          --port N          listen on this port; 0, the default, takes a free one
          --port-file PATH  write the port to this file once ready
          --repo OWNER/NAME play this repository of GitHub's too; may be repeated
          --token TOKEN     let GitHub accept this token too; may be repeated
          --latency TIME    hold every answer back, such as 50ms or 2s; at most 600s
          --quiet           write no line per request
          --help            show this text

        GitHub is played at the root, each other one below its name. Always there are:

          /            repository acme/shop, pushed to two minutes ago; sim-token
          /vercel      project shop, whose production has failed; sim-vercel-token
          /sanity      project simsanity with changes of today; sim-sanity-token
          /supabase    project abcdefghijklmnopqrst, healthy; sim-supabase-token,
                       and below /supabase/project/REF its key sb_secret_sim
          /services    worker, which is fine, and nightly, which is asleep
          /statuspage  a page for each of the four providers
          /at/NAME/…   all of that once more, at a place of its own: for many
                       projects that are not all equally far away

        Examples:
          telltale-sim --port 8099 --latency 50ms
          curl -H 'Authorization: token sim-token' http://127.0.0.1:8099/repos/acme/shop
          curl -X POST http://127.0.0.1:8099/_sim/github/repos/acme/shop/push
          curl -X PUT -d '{"next":"ERROR","duration_ms":5000}' \\
            http://127.0.0.1:8099/_sim/vercel/projects/shop/builds
          curl -d '{"kind":"hang","count":3}' http://127.0.0.1:8099/_sim/faults
          curl -d '{"kind":"status","status":500,"provider":"sanity"}' \\
            http://127.0.0.1:8099/_sim/faults
          curl -d '{"kind":"latency","delay_ms":50,"jitter_ms":850,"steady":true}' \\
            http://127.0.0.1:8099/_sim/faults
          curl -X DELETE http://127.0.0.1:8099/_sim/faults
          curl http://127.0.0.1:8099/_sim/requests

        Exit codes: 0 ended by SIGTERM or SIGINT, 64 wrong usage, 69 cannot listen,
        73 cannot write the port file.

        """

    /// Reads a command line without the program's name.
    package static func parse(_ arguments: [String]) throws(UsageError) -> Self {
        var options = Options()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            // `--port=80` is `--port 80`.
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts.first ?? ""
            if parts.count == 2, name.hasPrefix("--") { rest = [parts[1]] + rest }
            switch name {
            case "--help", "-h": return .help
            case "--quiet": options.isQuiet = true
            case "--port": options.port = try port(try value(of: name, &rest))
            case "--port-file": options.portFile = try value(of: name, &rest)
            case "--repo": options.repositories.append(try repository(try value(of: name, &rest)))
            case "--token": options.tokens.append(try value(of: name, &rest))
            case "--latency": options.latency = try duration(try value(of: name, &rest))
            default: throw UsageError(message: "unknown option \(quoted(argument)); see telltale-sim --help")
            }
            if parts.count == 2, name == "--quiet" { throw UsageError(message: "--quiet takes no value; leave it out") }
        }
        return .serve(options)
    }

    private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(UsageError) -> String {
        guard let value = rest.popFirst(), !value.isEmpty else {
            throw UsageError(message: "\(option) needs a value; see telltale-sim --help")
        }
        return value
    }

    private static func port(_ text: String) throws(UsageError) -> UInt16 {
        guard let port = UInt16(text) else {
            throw UsageError(message: "--port must be a number from 0 to 65535, not \(quoted(text))")
        }
        return port
    }

    private static func repository(_ text: String) throws(UsageError) -> String {
        guard let name = RepositoryName(text) else {
            throw UsageError(message: "--repo must be OWNER/NAME, not \(quoted(text))")
        }
        return name.fullName
    }

    private static func duration(_ text: String) throws(UsageError) -> Duration {
        let (unit, factor): (String, Int64) = text.hasSuffix("ms") ? ("ms", 1) : ("s", 1_000)
        guard text.hasSuffix(unit), let number = UInt32(text.dropLast(unit.count)),
            case let duration = Duration.milliseconds(Int64(number) * factor), duration <= Fault.durationMax
        else { throw UsageError(message: "--latency must be like 50ms or 2s, at most 600s, not \(quoted(text))") }
        return duration
    }
}
