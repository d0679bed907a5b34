extension IntegrationAction {
    /// How long an operation may take from its recording to its end (SPEC §7: a deploy is followed until READY or ERROR).
    package var timeLimit: Duration {
        switch self {
        case .connect, .disconnect, .reconnect, .link, .push, .pull, .sync, .openStudio, .testConnection: .seconds(30)
        case .wake: .seconds(60)
        case .runDiagnostics, .runSmokeTests: .seconds(300)
        case .deployPreview, .deployProduction: .seconds(45 * 60)
        }
    }
}
