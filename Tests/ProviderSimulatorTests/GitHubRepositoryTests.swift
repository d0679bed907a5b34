import ProviderSimulator
import Testing

@Suite("What GitHub says about repositories", .timeLimit(.minutes(1)))
struct GitHubRepositoryTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    @Test("a repository is described with its last push, its default branch and its flags")
    func describes() {
        let reply = rig.shop()
        let body = JSON(reply)
        #expect(reply.status == 200)
        #expect(body["full_name"] == .string("acme/shop"))
        #expect(body["owner"]["login"] == .string("acme"))
        #expect(body["pushed_at"] == .string("2026-01-31T11:58:00Z"))
        #expect(body["default_branch"] == .string("main"))
        #expect(body["private"] == .bool(false))
        #expect(body["archived"] == .bool(false))
        #expect(body["description"] == .null)
        #expect(reply["content-type"] == "application/json; charset=utf-8")
        #expect(reply["date"] == "Sat, 31 Jan 2026 12:00:00 GMT")
        #expect(reply["last-modified"] == "Sat, 31 Jan 2026 11:58:00 GMT")
        #expect(reply["x-github-api-version-selected"] == "2022-11-28")
        #expect(reply["x-oauth-scopes"] == "repo, read:user")
        #expect(reply["x-accepted-oauth-scopes"] == "repo")
        #expect(reply["vary"]?.contains("Authorization") == true)
        #expect(reply["x-github-request-id"]?.isEmpty == false)
    }

    @Test(
        "a name is found whatever its case, by its number, and behind an Enterprise prefix",
        arguments: ["/repos/ACME/Shop", "/repositories/", "/api/v3/repos/acme/shop", "/api/v3/repositories/"])
    func findsIt(path: String) {
        let id = JSON(rig.shop())["id"].int ?? 0
        let reply = rig.client.send(path.hasSuffix("ies/") ? path + String(id) : path, token: "sim-token")
        #expect(reply.status == 200)
        #expect(JSON(reply)["id"].int == id)
        let base = rig.server.url + (path.hasPrefix("/api") ? "/api/v3" : "")
        #expect(JSON(reply)["url"].string == base + "/repos/acme/shop")
    }

    @Test("a push moves pushed_at and the branch's head, and leaves last-modified where it was")
    func push() throws {
        let before = rig.shop()
        let oldHead = JSON(rig.client.send("/repos/acme/shop/branches/main"))["commit"]["sha"]
        rig.advance(by: .seconds(600))
        try rig.simulator.github.push("acme/shop", GitHubPush(message: "Fix the door"))
        let after = rig.shop()
        #expect(JSON(after)["pushed_at"] == .string("2026-01-31T12:10:00Z"))
        #expect(after["last-modified"] == before["last-modified"])
        #expect(after["etag"] != before["etag"])
        let head = JSON(rig.client.send("/repos/acme/shop/branches/main"))
        #expect(head["commit"]["commit"]["message"] == .string("Fix the door"))
        #expect(head["commit"]["parents"][0]["sha"] == oldHead)
    }

    @Test("commits come newest first, page by page, with links that go by the repository's number")
    func commitPages() throws {
        for number in 1...3 { try rig.simulator.github.push("acme/shop", GitHubPush(message: "Commit \(number)")) }
        let id = JSON(rig.shop())["id"].int ?? 0
        let first = rig.client.send("/repos/acme/shop/commits?sha=main&per_page=2")
        #expect(JSON(first)[0]["commit"]["message"] == .string("Commit 3"))
        #expect(JSON(first).count == 2)
        let base = "<\(rig.server.url)/repositories/\(id)/commits?sha=main&per_page=2&page="
        #expect(first["link"] == "\(base)2>; rel=\"next\", \(base)3>; rel=\"last\"")
        let last = rig.client.send("/repositories/\(id)/commits?sha=main&per_page=2&page=3")
        #expect(JSON(last).count == 1)
        #expect(last["link"] == "\(base)2>; rel=\"prev\", \(base)1>; rel=\"first\"")
        #expect(rig.client.send("/repos/acme/shop/commits")["link"] == nil)
    }

    @Test(
        "a page that is no number, or out of bounds, is brought within them",
        arguments: ["per_page=0", "per_page=-1", "per_page=x", "page=99999999999999999999", "page=-7", "per_page=%zz"])
    func oddPages(query: String) {
        #expect(rig.client.send("/repos/acme/shop/commits?\(query)").status == 200)
    }

    @Test("a commit whose author has no account has a null author")
    func authorWithoutAccount() throws {
        try rig.simulator.github.push("acme/shop", GitHubPush(author: "Ada Example"))
        #expect(JSON(rig.client.send("/repos/acme/shop/commits"))[0]["author"] == .null)
        try rig.simulator.github.push("acme/shop", GitHubPush(author: "ada"))
        #expect(JSON(rig.client.send("/repos/acme/shop/commits"))[0]["author"]["login"] == .string("ada"))
    }

    @Test("a branch with a slash in its name is found by %2F")
    func slashedBranch() throws {
        try rig.simulator.github.push("acme/shop", GitHubPush(branch: "fix/door"))
        #expect(rig.client.send("/repos/acme/shop/branches/fix%2Fdoor").status == 200)
        #expect(rig.client.send("/repos/acme/shop/branches/fix/door").status == 404)
        #expect(rig.client.send("/repos/acme/shop/commits?sha=fix%2Fdoor").status == 200)
    }

    @Test("an empty repository is there, and has no commits (409)")
    func empty() throws {
        try rig.simulator.github.setRepository("acme/shop", GitHubRepositoryPatch(empty: true))
        #expect(rig.shop().status == 200)
        let commits = rig.client.send("/repos/acme/shop/commits")
        #expect(commits.status == 409)
        #expect(JSON(commits)["message"] == .string("Git Repository is empty."))
        try rig.simulator.github.push("acme/shop")
        #expect(JSON(rig.client.send("/repos/acme/shop/commits")).count == 1)
    }

    @Test("a renamed repository is moved permanently, with its parts, and its old name may be taken again")
    func renamed() throws {
        let id = JSON(rig.shop())["id"].int ?? 0
        try rig.simulator.github.setRepository("acme/store", GitHubRepositoryPatch(renamedFrom: "acme/shop"))
        let moved = rig.shop()
        #expect(moved.status == 301)
        #expect(moved["location"] == "\(rig.server.url)/repositories/\(id)")
        #expect(JSON(rig.client.send("/repositories/\(id)"))["full_name"] == .string("acme/store"))
        let commits = rig.client.send("/repos/acme/shop/commits?per_page=1")
        #expect(commits["location"] == "\(rig.server.url)/repositories/\(id)/commits?per_page=1")
        try rig.simulator.github.setRepository("acme/shop")
        #expect(rig.shop().status == 200)
        #expect(JSON(rig.shop())["id"].int != id)
    }

    @Test("flags and the last push are as they were set")
    func flags() throws {
        try rig.simulator.github.setRepository(
            "acme/shop", GitHubRepositoryPatch(archived: true, disabled: true, defaultBranch: "trunk", quietDays: 8))
        let body = JSON(rig.shop())
        #expect(body["archived"] == .bool(true))
        #expect(body["disabled"] == .bool(true))
        #expect(body["default_branch"] == .string("trunk"))
        #expect(body["pushed_at"] == .string("2026-01-23T12:00:00Z"))
        #expect(rig.client.send("/repos/acme/shop/branches/trunk").status == 200)
        #expect(rig.client.send("/repos/acme/shop/branches/main").status == 404)
        try rig.simulator.github.setRepository("acme/shop", GitHubRepositoryPatch(pushedAt: .never))
        #expect(JSON(rig.shop())["pushed_at"] == .null)
    }

    @Test(
        "what is not there is 404 in GitHub's words",
        arguments: [
            "/repos/acme/none", "/repos/acme/shop/", "/repos/acme", "/repos/acme/shop/branches/none",
            "/repositories/1", "/repositories/x", "/repositories/99999999999999999999", "/repos//shop",
            "/repos/acme/shop/issues", "/api/v3", "/repos/acme/shop/commits?sha=none",
        ])
    func notFound(path: String) {
        let reply = rig.client.send(path)
        #expect(reply.status == 404)
        #expect(["Not Found", "Branch not found"].contains(JSON(reply)["message"].string))
        #expect(JSON(reply)["status"] == .string("404"))
    }

    @Test("a link in an answer never repeats a host that is none")
    func hostileHost() {
        let reply = rig.shop(headers: ["host": "evil\"><script>"])
        #expect(JSON(reply)["url"] == .string("http://localhost/repos/acme/shop"))
    }
}
