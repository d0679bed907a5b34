import StatusModel
import Testing

@Suite("The socket's path")
struct SocketPathTests {
    private let environment = [
        "TELLTALE_SOCKET": "/variable", "RUNTIME_DIRECTORY": "/run/a:/run/b", "XDG_RUNTIME_DIR": "/run/user/1000",
    ]

    @Test(
        "the first that is given counts: option, variable, configuration, systemd's directory, the user's, the system's"
    )
    func precedence() {
        var rest = environment
        #expect(SocketPath.resolve(option: "/option", configured: "/configured", environment: rest) == "/option")
        #expect(SocketPath.resolve(option: "", configured: "/configured", environment: rest) == "/variable")
        rest["TELLTALE_SOCKET"] = ""
        #expect(SocketPath.resolve(configured: "/configured", environment: rest) == "/configured")
        #expect(SocketPath.resolve(environment: rest) == "/run/a/telltale.sock")
        rest["RUNTIME_DIRECTORY"] = nil
        #expect(SocketPath.resolve(environment: rest) == "/run/user/1000/telltale/telltale.sock")
        rest["XDG_RUNTIME_DIR"] = "relative"
        #expect(SocketPath.resolve(environment: rest) == "/run/telltale/telltale.sock")
    }

    @Test("a client asks the person's own daemon first and then the system's, unless told which")
    func candidates() {
        let session = ["XDG_RUNTIME_DIR": "/run/user/1000/"]
        #expect(
            SocketPath.candidates(environment: session) == [
                "/run/user/1000/telltale/telltale.sock", "/run/telltale/telltale.sock",
            ])
        #expect(SocketPath.candidates(option: "/option", environment: session) == ["/option"])
        #expect(SocketPath.candidates(environment: environment) == ["/variable"])
        #expect(SocketPath.candidates(environment: [:]) == ["/run/telltale/telltale.sock"])
    }

    @Test("a path that no socket address holds is told in a sentence")
    func complaints() {
        let longest = "/" + String(repeating: "é", count: 53)
        #expect(longest.utf8.count == SocketPath.lengthBytesMax)
        #expect(SocketPath.complaint(about: longest) == nil)
        #expect(SocketPath.complaint(about: longest + "x")?.contains("is 108 bytes long") == true)
        #expect(SocketPath.complaint(about: "telltale.sock")?.contains("absolute") == true)
        #expect(SocketPath.complaint(about: "")?.contains("absolute") == true)
        #expect(SocketPath.complaint(about: "/run/")?.contains("name a file") == true)
        #expect(SocketPath.complaint(about: "/run/\0x")?.contains("NUL") == true)
    }
}
