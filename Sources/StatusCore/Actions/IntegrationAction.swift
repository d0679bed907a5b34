package import StatusModel

/// What can be done to an item, by the name that `RunAction` takes (SPEC §7).
package enum IntegrationAction: String, CaseIterable, Hashable, Sendable {
    case connect, disconnect, reconnect, push, pull, sync, link
    case deployPreview = "deploy-preview"
    case deployProduction = "deploy-production"
    case openStudio = "open-studio"
    case testConnection = "test-connection"
    case wake
    case runDiagnostics = "run-diagnostics"
    case runSmokeTests = "run-smoke-tests"

    /// The actions an item has, in the order in which they are shown.
    package static func all(for key: ItemKey) -> [Self] {
        switch key {
        case .provider(.github): [.connect, .disconnect, .reconnect, .push, .pull, .sync]
        case .provider(.vercel): [.connect, .disconnect, .link, .deployPreview, .deployProduction]
        case .provider(.sanity): [.connect, .disconnect, .sync, .openStudio]
        case .provider(.supabase): [.connect, .disconnect, .reconnect, .testConnection]
        case .service: [.wake, .runDiagnostics, .runSmokeTests]
        }
    }

    /// What a button says.
    package var label: String {
        switch self {
        case .connect: "Connect"
        case .disconnect: "Disconnect"
        case .reconnect: "Reconnect"
        case .push: "Push"
        case .pull: "Pull"
        case .sync: "Sync"
        case .link: "Link project"
        case .deployPreview: "Deploy preview"
        case .deployProduction: "Deploy to production"
        case .openStudio: "Open studio"
        case .testConnection: "Test connection"
        case .wake: "Wake"
        case .runDiagnostics: "Run diagnostics"
        case .runSmokeTests: "Run smoke tests"
        }
    }
}
