import TelltaleServer
import Testing

@Suite("The tables of configuration keys")
struct ConfigFieldTests {
    @Test("each default, written down, reads back as itself")
    func defaults() throws {
        try expectDefaults("limits", \.limits)
        try expectDefaults("refresh", \.refresh)
        try expectDefaults("retry", \.retry)
        try expectDefaults("breaker", \.breaker)
        try expectDefaults("log", \.log)
        try expectDefaults("http", \.http)
    }

    private func expectDefaults<Section: TabularSection & Equatable>(
        _ name: String, _ section: KeyPath<Configuration, Section>
    ) throws {
        let defaults = Section()
        #expect(defaults.conflicts.isEmpty)
        for field in Section.fields where field.render(defaults) != "none" {
            let text = "{\(name): {\(field.key): \(literal(field.render(defaults)))}}"
            #expect(try parse(text)[keyPath: section] == defaults, "\(text)")
        }
    }

    @Test("both ends of the bounds that a key names are accepted")
    func bounds() {
        expectBounds("limits", Limits.self)
        expectBounds("refresh", RefreshConfiguration.self)
        expectBounds("retry", RetryConfiguration.self)
        expectBounds("breaker", BreakerConfiguration.self)
        expectBounds("http", HTTPConfiguration.self)
    }

    private func expectBounds<Section: TabularSection>(_ name: String, _: Section.Type) {
        for field in Section.fields where field.bounds.contains(" … ") {
            for end in field.bounds.split(separator: " … ") {
                let text = "{\(name): {\(field.key): \(literal(String(end)))}}"
                // An end may still not go together with the other defaults; that is another complaint.
                let found = complaints(text)
                #expect(!found.contains { $0.contains("outside") || $0.contains("expected") }, "\(text): \(found)")
            }
        }
    }

    @Test(
        "a key of a wrong kind is refused by every table, whatever the kind",
        arguments: ["null", "true", "[]", "{}", "'?'", "-1"])
    func wrongKinds(value: String) {
        expectRefusals("limits", Limits.self, value)
        expectRefusals("refresh", RefreshConfiguration.self, value)
        expectRefusals("retry", RetryConfiguration.self, value)
        expectRefusals("breaker", BreakerConfiguration.self, value)
        expectRefusals("log", LogConfiguration.self, value)
        expectRefusals("http", HTTPConfiguration.self, value)
    }

    private func expectRefusals<Section: TabularSection>(_ name: String, _: Section.Type, _ value: String) {
        let members = Section.fields.map { "\($0.key): \(value)" }.joined(separator: ",\n")
        let found = complaints("{\(name): {\(members)}}")
        #expect(found.count == Section.fields.count)
        for (index, field) in Section.fields.enumerated() {
            #expect(found.contains { $0.hasPrefix("t.json5:\(index + 1): \(name).\(field.key): ") }, "\(field.key)")
        }
    }

    /// A number as it is, anything else quoted.
    private func literal(_ text: String) -> String { Double(text) == nil ? "'\(text)'" : text }
}
