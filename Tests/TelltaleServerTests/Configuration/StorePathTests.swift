import TelltaleServer
import Testing

@Suite("The store's path")
struct StorePathTests {
    struct Case: Sendable {
        var option: String?
        var configured: String?
        var environment: [String: String] = [:]
        var userID: UInt32 = 1000
        var path: String
    }

    private static let everything = [
        "STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "XDG_STATE_HOME": "/home/eve/state", "HOME": "/home/eve",
    ]

    static let cases: [Case] = [
        Case(option: "o.db", configured: "/c.db", environment: everything, path: "o.db"),
        Case(option: "", configured: "/c.db", environment: everything, path: "/c.db"),
        Case(configured: "", environment: everything, path: "/var/lib/a/telltale.db"),
        Case(environment: ["STATE_DIRECTORY": "/s/"], userID: 0, path: "/s/telltale.db"),
        Case(
            environment: ["STATE_DIRECTORY": "s", "XDG_STATE_HOME": "/x"], path: "/x/telltale/telltale.db"),
        Case(environment: ["STATE_DIRECTORY": "", "HOME": "/h"], path: "/h/.local/state/telltale/telltale.db"),
        Case(
            environment: ["XDG_STATE_HOME": "relative", "HOME": "/h"],
            path: "/h/.local/state/telltale/telltale.db"),
        Case(environment: ["XDG_STATE_HOME": "/x", "HOME": "/root"], userID: 0, path: StorePath.systemPath),
        Case(environment: ["HOME": ""], path: StorePath.systemPath),
        Case(path: StorePath.systemPath),
    ]

    @Test("is the first that is given: option, configuration, systemd's directory, the user's own", arguments: cases)
    func resolve(_ given: Case) {
        let path = StorePath.resolve(
            option: given.option, configured: given.configured, environment: given.environment, userID: given.userID)
        #expect(path == given.path)
    }

    @Test("names a file from the root of the file system on")
    func complaints() {
        #expect(StorePath.complaint(about: StorePath.systemPath) == nil)
        for path in ["telltale.db", "/var/lib/telltale/", "/a\0b", "/" + String(repeating: "x", count: 4_000)] {
            #expect(StorePath.complaint(about: path)?.hasPrefix("the store's path") == true, "\(path.prefix(20))")
        }
    }
}
