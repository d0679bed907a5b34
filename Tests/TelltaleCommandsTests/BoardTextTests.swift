import StatusModel
import TelltaleCommands
import Testing

@Suite("The board")
struct BoardTextTests {
    private func board(_ envelopes: [StatusEnvelope], width: Int? = nil) -> String {
        BoardText(paint: Paint(isColoured: false), width: width).lines(for: envelopes, at: Sample.now)
            .joined(separator: "\n")
    }

    @Test("a healthy project is one line for each item, in columns")
    func healthy() throws {
        #expect(
            try board([Sample.envelope()]) == """
                shop                                                       connected
                  ● GitHub    connected   Linked to main · Last push 2m ago  12s ago
                  ○ Vercel    not linked
                  ○ Sanity    not linked
                  ○ Supabase  not linked
                """)
    }

    @Test(
        "a problem is told in plain words with its code, what to do, how old the answer is and when the next try comes")
    func problem() throws {
        var envelope = try Sample.envelope("shop", [Sample.github(), Sample.brokenVercel()])
        envelope.nextActions = [
            NextAction(key: .provider(.vercel), action: "reconnect", reason: "It has lost its way.")
        ]
        #expect(
            board([envelope]) == """
                shop                                                                 error
                  ● GitHub    connected   Linked to main · Last push 2m ago  12s ago
                  ✖ Vercel    error       3 deployments this week            4m ago, stale
                      Vercel cannot be reached (network): Check network and name resolution.
                      last answer 4m ago; tried 3 times; next try in 12s
                  ○ Sanity    not linked
                  ○ Supabase  not linked
                  → reconnect Vercel: It has lost its way.
                """)
    }

    @Test("on a narrow terminal the summary is cut and the sentences are broken; nothing is wider than the terminal")
    func narrow() throws {
        let lines = BoardText(paint: Paint(isColoured: false), width: 50)
            .lines(for: [try Sample.envelope("shop", [Sample.github(), Sample.brokenVercel()])], at: Sample.now)
        for line in lines { #expect(TerminalText.width(of: line) <= 50, "\(line)") }
        #expect(lines.contains("  ● GitHub    connected   Linked t…  12s ago"))
        #expect(lines.contains("      Vercel cannot be reached (network): Check"))
        #expect(lines.contains("      network and name resolution."))
    }

    @Test("the last runs stand below the items, each with its age")
    func lastRuns() throws {
        var envelope = try Sample.envelope()
        envelope.lastRuns = [
            RunRecord(kind: "diagnostics", at: Sample.ago(.seconds(7200)), passed: true),
            RunRecord(kind: "smoke_tests", at: Sample.ago(.seconds(300)), passed: false),
        ]
        envelope.nextActions = [NextAction(key: .provider(.github), action: "sync", reason: "It is behind.")]
        #expect(
            board([envelope]).hasSuffix(
                """
                  ○ Supabase  not linked
                  last runs: diagnostics passed 2h ago · smoke tests failed 5m ago
                  → sync GitHub: It is behind.
                """))
    }

    @Test("several projects have the same columns, with an empty line between them")
    func several() throws {
        var worker = Sample.github()
        worker.key = .service("a-worker-with-a-name")
        let text = try board([Sample.envelope("a"), Sample.envelope("b", [Sample.github(), worker])])
        let rows = text.split(separator: "\n").filter { $0.contains("connected   Linked") }
        #expect(rows.count == 3)
        #expect(Set(rows.map { $0.firstRange(of: "connected")?.lowerBound.utf16Offset(in: $0) }).count == 1)
        #expect(text.contains("\n\nb "))
    }

    @Test(
        "an item that has no state says why",
        arguments: [
            (ConfiguredReason.notLinked, true, "not linked"), (.revoked, true, "revoked"),
            (.disabled, true, "switched off"),
            (.hiddenByPolicy, false, "hidden"),
        ])
    func withoutState(_ reason: ConfiguredReason, _ isVisible: Bool, _ words: String) throws {
        var item = IntegrationStatus(key: .provider(.github))
        item.configuredReason = reason
        item.visible = isVisible
        item.summary = "Not linked"
        let line = try board([Sample.envelope("shop", [item])]).split(separator: "\n")[1]
        #expect(line.hasPrefix("  ○ GitHub    \(words)"))
        #expect(!line.contains("Not linked") || words == "revoked" || words == "switched off", "said once")
    }

    @Test("an item that was never read is being checked")
    func checking() throws {
        var item = Sample.github()
        item.freshness = .never
        item.updatedAt = nil
        #expect(try board([Sample.envelope("shop", [item])]).contains("GitHub    checking"))
    }

    @Test("what a hidden item holds is not shown, and what comes from outside is neutralised")
    func hostile() throws {
        var hidden = Sample.brokenVercel()
        hidden.visible = false
        hidden.summary = "secret"
        var hostile = Sample.github()
        hostile.summary = "\u{1B}]0;owned\u{7}"
        hostile.problem = Problem(code: .unknown, cause: .provider, hint: "\u{1B}[2J")
        let text = try board([Sample.envelope("shop", [hidden, hostile])])
        #expect(!text.contains("secret"))
        #expect(!text.contains("network"))
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" })
    }

    @Test("environments stand below their item")
    func environments() throws {
        var item = Sample.github()
        item.environments = [
            EnvironmentStatus(name: "production", status: .connected, summary: "Live", url: "https://x.test")
        ]
        #expect(
            try board([Sample.envelope("shop", [item])]).contains(
                "\n      production · connected · Live · https://x.test\n"))
    }

    @Test(
        "ages are words of one unit",
        arguments: [
            (Duration.milliseconds(300), "just now"), (.seconds(1), "1s ago"), (.seconds(59), "59s ago"),
            (.seconds(60), "1m ago"), (.seconds(3599), "59m ago"), (.seconds(7200), "2h ago"),
            (.seconds(86_400 * 3), "3d ago"),
            (.seconds(-5), "just now"),
        ])
    func ages(_ age: Duration, _ words: String) {
        #expect(AgeText.since(Sample.ago(age), at: Sample.now) == words)
    }

    @Test("a wait is rounded up, and what is due is now")
    func waits() {
        #expect(AgeText.after(.milliseconds(1200)) == "in 2s")
        #expect(AgeText.after(.seconds(12)) == "in 12s")
        #expect(AgeText.after(.zero) == "now")
    }
}
