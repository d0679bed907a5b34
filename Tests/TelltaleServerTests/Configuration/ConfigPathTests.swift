import TelltaleServer
import Testing

@Suite("A path in the configuration")
struct ConfigPathTests {
    @Test("names are joined by dots, and what is unusual in them is quoted")
    func description() {
        let projects = ConfigPath().appending("projects")
        #expect(ConfigPath().description == "")
        #expect(projects.appending("acme/shop").appending("github").description == "projects.acme/shop.github")
        #expect(projects.appending("a.b").appending(3).description == #"projects."a.b"[3]"#)
        #expect(projects.appending("").description == #"projects."""#)
        #expect(projects.appending("a\nb").description == #"projects."a\nb""#)
        #expect(projects.appending("é").description == #"projects."é""#)
    }

    @Test("a long name is cut")
    func longName() {
        let path = ConfigPath().appending(String(repeating: "x", count: 1_000_000))
        #expect(path.description.utf8.count < 80)
    }
}
