import StatusCore
import StatusModel
import TelltaleServer
import TestSupport
import Testing

@Suite("The buttons of a link, and what becomes of pressing them")
struct LinkOfferTests {
    private static let actions: [IntegrationAction] = [.connect, .disconnect, .reconnect]

    @Test("a link that the configuration switches off has no button that works, whatever was made of it before")
    func switchedOff() throws {
        let scene = try LinkScene("{projects: {shop: {github: {repo: 'acme/shop', enabled: false}}}}")
        let configured = try #require(scene.configured(.github))
        let before = [
            StoredLinkChange(project: .shop, key: .provider(.github), link: nil, configured: configured), nil,
        ]
        for change in before {
            let definition = try #require(scene.configuration.projects.first).applying(change.map { [$0] } ?? [])
            let current = definition.links[.provider(.github)]
            for action in Self.actions {
                let offer = try #require(offers(for: definition).first { $0.action == action.rawValue })
                #expect(!offer.can && offer.reason == "The link is switched off.", "\(action)")
                #expect(scene.failure(action, .github, current: .some(current))?.reason == "LINK_DISABLED")
            }
        }
    }

    @Test("no button that works is refused for a link that is switched off", arguments: [true, false])
    func others(isLinked: Bool) throws {
        let scene = try LinkScene("{projects: {shop: {github: {repo: 'acme/shop', credential: 'env:TOKEN'}}}}")
        var definition = try #require(scene.configuration.projects.first)
        if !isLinked { definition.links = [:] }
        let works = offers(for: definition).filter(\.can).compactMap { IntegrationAction(rawValue: $0.action) }
        let pressed = works.filter(Self.actions.contains)
        #expect(pressed == (isLinked ? [.disconnect, .reconnect] : [.connect]))
        for action in pressed {
            #expect(scene.failure(action, .github, current: .some(definition.links[.provider(.github)])) == nil)
        }
    }

    private func offers(for definition: ProjectDefinition) -> [ActionOffer] {
        let now = Moment(instant: .now, wall: UnixTime(seconds: 1_767_225_600))
        let view = ViewRenderer.render(
            ProjectSnapshot(definition: definition), role: .owner, now: now, digest: { String($0.count) })
        return view.envelope.items.first { $0.key == .provider(.github) }?.actions ?? []
    }
}
