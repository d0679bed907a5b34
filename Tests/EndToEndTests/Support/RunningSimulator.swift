import FoundationEssentials
import Glibc
import HTTPClient

/// `telltale-sim` as a process, and the hand on its control interface.
struct RunningSimulator: Sendable {
    /// How often GitHub was asked (`GET /_sim/requests`).
    struct Requests: Decodable {
        struct Line: Decodable {
            var path: String
            var count: Int
        }

        var total: Int
        var conditionalHits: Int
        /// How many were neither GET nor HEAD: those that may have changed something.
        var mutations: Int
        var requests: [Line]

        func count(of path: String) -> Int { requests.first { $0.path == path }?.count ?? 0 }
    }

    /// A command that the simulator refused.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    let process: ProgramProcess
    let port: UInt16
    private let client = CurlHTTPClient()

    /// Starts one and waits until it serves; on a free port if that is 0.
    init(in directory: TemporaryDirectory, port: UInt16 = 0, _ arguments: [String] = []) async throws {
        process = try ProgramProcess(
            .simulator, ["--port", String(port), "--port-file", "\(directory.path)/port", "--quiet"] + arguments)
        // The line comes after the file, which is there in full by then.
        try await process.wait(for: "its address") { $0.output.contains("listening on ") }
        let text = try directory.read("port")
        guard let port = UInt16(text.dropLast()) else { throw Refusal(description: "no port is \(text)") }
        self.port = port
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Ends it in order; its port is free afterwards.
    func stop() async throws {
        process.send(SIGTERM)
        try await process.finish()
    }

    var requests: Requests {
        get async throws {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Requests.self, from: Data(try await command("GET", "requests")))
        }
    }

    /// Returns once so many requests have come since the start or ``forgetRequests()``.
    func waitForRequests(_ count: Int) async throws { while try await requests.total < count {} }

    func forgetRequests() async throws { try await command("DELETE", "requests") }

    func setRepository(_ name: String, _ body: String = "") async throws {
        try await command("PUT", "github/repos/\(name)", body)
    }

    func push(_ name: String) async throws { try await command("POST", "github/repos/\(name)/push") }

    /// Throttles everybody for that many seconds, as the hourly limit does.
    func reachLimit(seconds: Int) async throws {
        try await command("POST", "github/limits", #"{"kind":"primary","for_s":\#(seconds)}"#)
    }

    func inject(_ fault: String) async throws { try await command("POST", "faults", fault) }

    func clearFaults() async throws { try await command("DELETE", "faults") }

    @discardableResult
    func command(_ method: String, _ path: String, _ body: String = "") async throws -> [UInt8] {
        let request = HTTPRequest(method: method, url: "\(url)/_sim/\(path)", body: Array(body.utf8))
        let response = try await client.send(request)
        guard (200...299).contains(response.status) else {
            throw Refusal(description: "\(method) \(path): \(String(decoding: response.body, as: UTF8.self))")
        }
        return response.body
    }
}
