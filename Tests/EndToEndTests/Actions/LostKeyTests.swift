import Glibc
import StatusModel
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    /// A key never runs twice, whatever became of the store.
    @Suite("A key after its store was lost", .timeLimit(.minutes(2)))
    struct LostKeyTests {
        /// What becomes of the store between two daemons.
        enum Loss: CaseIterable {
            case operationDamaged, unreadable, removed, putBack
        }

        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test(
            "is refused over restarts before anything is sent, and runs for who vouches for it",
            arguments: Loss.allCases)
        func lost(by loss: Loss) async throws {
            let file = DatabaseFile(path: stage.storePath)
            #expect(try await stage.startDaemon().stop() == .exited(0))
            let older = try file.bytes
            let first = try await stage.startDaemon()
            _ = try await first.client().end(of: first.client().run(push()).operation.id)
            #expect(try await first.stop() == .exited(0))
            try lose(loss, file, older)

            for _ in 0..<2 {
                let daemon = try await stage.startDaemon()
                let error = await #expect(throws: TelltaleError.self) { try await daemon.client().run(push()) }
                #expect(error?.code == .failedPrecondition && error?.reason == "KEYS_LOST")
                #expect(error?.message.contains("Look at the provider") == true)
                try await daemon.crash()
            }
            #expect(try await stage.simulator.requests.mutations == 1)

            let last = try await stage.startDaemon()
            let command = try await last.run("run", "shop", "github", "push", "--wait")
            #expect(command.ending == .exited(0), "a new key of the command line needs no word: \(command.errors)")
            var vouchedFor = push()
            vouchedFor.isAfterLoss = true
            let receipt = try await last.client().run(vouchedFor)
            #expect(!receipt.isReplayed)
            _ = try await last.client().end(of: receipt.operation.id)
            #expect(try await last.client().run(push()).operation.id == receipt.operation.id)
            #expect(try await stage.simulator.requests.mutations == 3)
            try await last.process.waitForError("afterLoss=true")
        }

        private func push() -> ActionRequest {
            ActionRequest(
                projectID: .shop, key: .provider(.github), action: "push", idempotencyKey: ActionKey.text(1))
        }

        private func lose(_ loss: Loss, _ file: DatabaseFile, _ older: [UInt8]) throws {
            switch loss {
            case .operationDamaged:
                try file.ask("UPDATE operations SET seal = seal + 1")
            case .unreadable: try file.overwrite(with: Array(repeating: 0x5A, count: 8_192))
            case .removed: unlink(file.path)
            case .putBack: try file.overwrite(with: older)
            }
        }
    }
}
