import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("What a viewer may not see of actions", .timeLimit(.minutes(2)))
    struct ActionRedactionTests {
        /// Repository, branch, addresses and who asked.
        private static let words = [
            "acme", "release-branch", "vercel.app", "ada-lovelace", "simsanity", "sanity.studio",
        ]
        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test("no byte of an event, an operation or a list names what is hidden from viewers")
        func raw() async throws {
            let daemon = try await stage.startDaemon(
                projects: Stage.everything, refresh: Refresh.patiently, more: "statusPages: { enabled: false },")
            let client = daemon.client(user: "ada-lovelace")
            _ = try await client.status(of: .shop, mode: .preferFresh)
            let viewer = [("telltale-role", "viewer")]
            let (watch, owners) = (try RawConnection(daemon.socketPath), try RawConnection(daemon.socketPath))
            watch.send(RawFrame.request("Watch", project: "shop", metadata: viewer, flags: 1))
            owners.send(RawFrame.request("Watch", project: "shop", flags: 1))
            _ = try #require(await watch.nextFrame())
            _ = try #require(await owners.nextFrame())

            var ids: [String] = []
            for (number, (key, action, payload)) in [
                (ItemKey.provider(.vercel), "deploy-production", #"{"ref":"release-branch","repo":"acme/shop"}"#),
                (.provider(.github), "push", #"{"event_type":"release-branch"}"#),
                (.provider(.sanity), "open-studio", ""), (.provider(.github), "disconnect", ""),
            ].enumerated() {
                let request = ActionRequest(
                    projectID: .shop, key: key, action: action, payload: Array(payload.utf8),
                    idempotencyKey: ActionKey.text(number + 1))
                let id = try await client.run(request).operation.id
                let end = try await client.end(of: id)
                #expect(end.state == .succeeded, "\(end)")
                ids.append(id)
            }
            var told = try await frames(watch, until: ids)
            let seen = try await frames(owners, until: ids)
            #expect(["acme", "ada-lovelace"].allSatisfy(seen.contains), "or this test tests nothing")
            for (method, argument) in [("ListOperations", "shop")] + ids.map({ ("GetOperation", $0) }) {
                let connection = try RawConnection(daemon.socketPath)
                connection.send(RawFrame.request(method, project: argument, metadata: viewer, flags: 0))
                told += String(decoding: try #require(await connection.nextFrame()), as: UTF8.self)
            }
            for word in Self.words { #expect(!told.contains(word), "\(word)") }
            for id in ids { #expect(told.contains(id)) }
        }

        /// What came, until each of the operations has been told of twice: its begin and its end.
        private func frames(_ connection: RawConnection, until ids: [String]) async throws -> String {
            let received = await connection.bytes { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                return ids.allSatisfy { text.parts(cutBy: $0) > 2 }
            }
            return String(decoding: try #require(received), as: UTF8.self)
        }
    }
}

extension String {
    /// Into how many parts a word cuts the text.
    fileprivate func parts(cutBy word: String) -> Int {
        split(separator: word, omittingEmptySubsequences: false).count
    }
}
