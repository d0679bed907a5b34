import TelltaleServer
import Testing

@Suite("Users and groups of the host")
struct AccountDirectoryTests {
    @Test("root is known by name and number")
    func root() {
        #expect(AccountDirectory.system.user("root") == 0)
        #expect(AccountDirectory.system.group("root") == 0)
        #expect(AccountDirectory.system.user("4242424") == 4_242_424)
    }

    @Test(
        "what is no user is unknown", arguments: ["", "no-such-user-here", "-1", "4294967295", "4294967296", "root\n"])
    func unknown(name: String) {
        #expect(AccountDirectory.system.user(name) == nil)
        #expect(AccountDirectory.system.group(name) == nil)
    }
}
