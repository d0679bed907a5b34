import TelltaleServer
import Testing

@Suite("The map from paths to lines")
struct ConfigSourceMapTests {
    private func map(_ text: String) throws -> ConfigSourceMap { try ConfigScanner.scan(Array(text.utf8)) }

    @Test("a name that stands twice is told with both lines, however it is written")
    func duplicates() throws {
        let map = try map("{\na: 1,\n'a': 2,\n\"\\u0061\": 3,\nb: {a: 1}}")
        let path = ConfigPath().appending("a")
        #expect(map.duplicates.map(\.path) == [path, path])
        #expect(map.duplicates.map(\.line) == [3, 4])
        #expect(map.duplicates.map(\.firstLine) == [2, 2])
        #expect(map.line(of: path) == 2)
    }

    @Test("equal names in different objects are no duplicates")
    func namesakes() throws {
        #expect(try map("{a: {x: 1}, b: {x: 1}, c: [{x: 1}, {x: 1}]}").duplicates.isEmpty)
    }

    @Test("duplicates are kept up to a bound")
    func bound() throws {
        let text = "{" + String(repeating: "a: 1,", count: ConfigSourceMap.duplicatesMax + 10) + "}"
        #expect(try map(text).duplicates.count == ConfigSourceMap.duplicatesMax)
    }

    @Test("a map of nothing knows the top")
    func empty() {
        #expect(ConfigSourceMap(rootLine: 4).line(of: ConfigPath().appending("a")) == 4)
        #expect(ConfigSourceMap().count == 1)
    }
}
