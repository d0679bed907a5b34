import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("The configuration's section sanity")
struct SanitySectionTests {
    private func link(_ section: String) throws -> Link? {
        try parse("{projects: {shop: {sanity: \(section)}}}").projects.first?.links[.provider(.sanity)]
    }

    @Test("a project is enough: the dataset and both hosts have their defaults")
    func defaults() throws {
        #expect(
            try link("{project: 'abcd1234'}")
                == Link(
                    target: .sanity(
                        SanityTarget(
                            projectID: "abcd1234", dataset: "production", managementURL: "https://api.sanity.io",
                            dataURL: "https://abcd1234.api.sanity.io"))))
    }

    @Test("everything can be set")
    func everything() throws {
        let text = """
            {project: 'abcd1234', dataset: '~live', api: 'http://127.0.0.1:8080/sanity/',
             dataApi: 'https://data.example.com', credential: 'env:SANITY_TOKEN', enabled: false}
            """
        #expect(
            try link(text)
                == Link(
                    target: .sanity(
                        SanityTarget(
                            projectID: "abcd1234", dataset: "~live", managementURL: "http://127.0.0.1:8080/sanity",
                            dataURL: "https://data.example.com")),
                    credential: .environment(name: "SANITY_TOKEN"), isEnabled: false))
    }

    @Test(
        "a mistake is named with its key",
        arguments: [
            ("{}", "sanity: project is missing"), ("{project: 'a.b'}", "sanity.project: \"a.b\" is no project id"),
            ("{project: '-a'}", "sanity.project: "), ("{project: ''}", "sanity.project: "),
            ("{project: 'a', dataset: 'x/y'}", "sanity.dataset: \"x/y\" is no dataset"),
            ("{project: 'a', dataset: '~'}", "sanity.dataset: "),
            ("{project: 'a', api: 'http://x.example'}", "sanity.api: must be https://"),
            ("{project: 'a', dataApi: 'x'}", "sanity.dataApi: must begin with https://"),
            ("{project: 'a', credential: 'skabc'}", "sanity.credential: "),
            ("{project: 'a', datset: 'x'}", "sanity.datset: unknown key; did you mean \"dataset\"?"),
        ])
    func mistakes(section: String, complaint: String) {
        let found = complaints("{projects: {shop: {sanity: \(section)}}}")
        #expect(found.count == 1)
        #expect(found.first?.contains("projects.shop." + complaint) == true)
    }
}
