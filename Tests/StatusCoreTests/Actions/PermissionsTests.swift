import StatusCore
import StatusModel
import Testing

@Suite("Permissions")
struct PermissionsTests {
    @Test("owner and admin may do everything, a viewer nothing", arguments: IntegrationAction.allCases)
    func ends(action: IntegrationAction) {
        #expect(Permissions.allows(action, for: .owner))
        #expect(Permissions.allows(action, for: .admin))
        #expect(!Permissions.allows(action, for: .viewer))
    }

    @Test("an editor may push, synchronise and deploy previews, and look closer")
    func editor() {
        let allowed = IntegrationAction.allCases.filter { Permissions.allows($0, for: .editor) }
        #expect(Set(allowed) == [.push, .pull, .sync, .deployPreview, .openStudio, .testConnection])
    }

    @Test("every action belongs to some item, and has a name and a label of its own")
    func namesAreUnique() {
        let keys = ProviderKey.allCases.map { ItemKey.provider($0) } + [.service("worker")]
        #expect(Set(keys.flatMap { IntegrationAction.all(for: $0) }) == Set(IntegrationAction.allCases))
        #expect(Set(IntegrationAction.allCases.map(\.label)).count == IntegrationAction.allCases.count)
    }
}
