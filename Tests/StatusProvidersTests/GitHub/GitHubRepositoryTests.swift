import HTTPClient
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("GitHub: decoding a repository")
struct GitHubRepositoryTests {
    private let body = GitHubScene.repository(isPrivate: true, archived: true).body

    @Test("the named fields are read")
    func whole() {
        let path = GitHubRepositoryPath(owner: "octo", name: "hello")
        #expect(path != nil)
        let repository = GitHubRepository(json: body)
        #expect(repository?.path == path)
        #expect(repository?.isPrivate == true)
        #expect(repository?.defaultBranch == "main")
        #expect(repository?.pushedAt == UnixTime(seconds: 1_768_474_800))
        #expect(repository?.isArchived == true)
        #expect(repository?.isDisabled == false)
    }

    @Test("a body cut off anywhere is no repository")
    func truncated() {
        for length in 0..<body.count {
            #expect(GitHubRepository(json: Array(body.prefix(length))) == nil)
        }
    }

    @Test("whatever bytes are changed, the decoder gives a repository or nil, and what it gives can be shown")
    func mutated() {
        let seed: UInt64 = 20_260_115
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            var mutated = body
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                mutated[Int.random(in: 0..<mutated.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            guard let repository = GitHubRepository(json: mutated) else { continue }
            let shown = repository.path.fullName + repository.defaultBranch
            #expect(!shown.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "seed \(seed)")
        }
    }

    @Test(
        "older and Enterprise answers are read by what they have",
        arguments: [
            #"{"name":"hello","owner":{"login":"octo"},"master_branch":"main"}"#,
            #"{"full_name":"octo/hello","default_branch":"main","pushed_at":null,"disabled":null}"#,
        ])
    func sparse(json: String) {
        let repository = GitHubRepository(json: Array(json.utf8))
        #expect(repository?.path.fullName == "octo/hello")
        #expect(repository?.defaultBranch == "main")
        #expect(repository?.pushedAt == nil)
        #expect(repository?.isPrivate == true)
    }

    @Test(
        "a name or branch that must not be shown or sent is refused",
        arguments: [
            #"{"full_name":"hello"}"#, #"{"full_name":"octo/"}"#, #"{"full_name":"octo/../user"}"#,
            #"{"full_name":"octo/.."}"#, #"{"full_name":"octo/a\u001b[31m"}"#, #"{"full_name":"octo/a\u202eb"}"#,
            #"{"full_name":"octo/hello","default_branch":"a\nb"}"#,
            #"{"full_name":"octo/\#(String(repeating: "h", count: 300))"}"#,
            #"{"full_name":"octo/hello","default_branch":"\#(String(repeating: "b", count: 256))"}"#,
        ])
    func unpresentable(json: String) { #expect(GitHubRepository(json: Array(json.utf8)) == nil) }

    @Test("deep nesting and huge numbers do no harm")
    func hostile() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(GitHubRepository(json: Array(#"{"full_name":"octo/hello","x":\#(deep)"#.utf8)) == nil)
        let huge = #"{"full_name":"octo/hello","id":1e999999,"pushed_at":"9999-12-31T23:59:60Z"}"#
        #expect(GitHubRepository(json: Array(huge.utf8))?.pushedAt == UnixTime(nanoseconds: .max))
    }
}
