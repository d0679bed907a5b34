import FoundationEssentials
import ProviderSimulator
import Testing

/// Holds the simulator's answers against recordings of the real service, where a checkout has them beside it. The
/// recordings themselves are not part of this project.
@Suite(
    "Answers have the shape of recorded ones", .timeLimit(.minutes(1)),
    .enabled(if: Recording.areHere, "no recordings beside the package: ../shared/payloads/github"))
struct RecordingTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    @Test("whatever a repository's answer says, the real one says too, by the same name and in the same type")
    func repository() throws {
        let recording = try Recording("repo_get_200")
        let reply = rig.shop()
        #expect(differences(JSON(reply), recording.body).isEmpty)
        // `server` and the version came after the recording was made.
        for name in recording.headerNames where !["cache-control", "vary", "status"].contains(name) {
            #expect(reply[name] != nil, "the header \(name) is recorded")
        }
    }

    @Test("whatever a commit's answer says, the real one says too")
    func commits() throws {
        let recorded = try Recording("commits_list_200").body[0]
        // Both came after the recording was made (2013).
        let later = ["commit.verification", "node_id", "author.node_id", "committer.node_id"]
        for author in ["ada", "Ada Example"] {
            try rig.simulator.github.push("acme/shop", .init(author: author))
            let commit = JSON(rig.client.send("/repos/acme/shop/commits"))[0]
            let strange = differences(commit, recorded).filter { difference in
                !later.contains(difference) && !difference.hasSuffix("site_admin")
            }
            #expect(strange.isEmpty)
        }
    }

    @Test("bad credentials and what is not there are told in the recorded words")
    func refusals() throws {
        let credentials = try Recording("bad_credentials_401")
        #expect(JSON(rig.client.send("/user", token: "none"))["message"] == credentials.body["message"])
        let missing = try Recording("not_found_404")
        #expect(JSON(rig.client.send("/repos/acme/none"))["message"] == missing.body["message"])
    }

    /// The paths within `value` that `recorded` lacks, or has as another type; null goes with anything.
    private func differences(_ value: JSON, _ recorded: JSON, at path: String = "") -> [String] {
        switch (value, recorded) {
        case (.object(let members), .object(let known)):
            members.flatMap { key, member -> [String] in
                let place = path.isEmpty ? key : path + "." + key
                guard let other = known[key] else { return [place] }
                return differences(member, other, at: place)
            }
        case (.array(let elements), .array(let known)):
            known.first.map { known in elements.flatMap { differences($0, known, at: path) } } ?? []
        case (.null, _), (_, .null), (.bool, .bool), (.number, .number), (.string, .string): []
        default: [path]
        }
    }
}

/// One recorded exchange.
private struct Recording {
    private static let folder =
        #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined() + "/shared/payloads/github"

    static var areHere: Bool { FileManager.default.fileExists(atPath: folder + "/repo_get_200.json") }

    private let answer: JSON

    init(_ name: String) throws {
        let data = try Data(contentsOf: URL(filePath: "\(Self.folder)/\(name).json"))
        answer = try JSONDecoder().decode(JSON.self, from: data)["response"]
    }

    var body: JSON { answer["body"] }

    var headerNames: [String] {
        if case .object(let headers) = answer["headers"] { headers.keys.sorted() } else { [] }
    }
}
