import Locks
import SQLiteDatabase
import Synchronization
import TestSupport
import Testing

/// Lives on a thread of its own.
private actor Resident {
    nonisolated let thread: DatabaseThread
    private(set) var count = 0
    private var turnEnds = 0

    init() throws(DatabaseError) {
        thread = try DatabaseThread(name: "resident")
        thread.atEndOfTurn { [weak self] in self?.assumeIsolated { $0.turnEnds += 1 } }
    }

    deinit { thread.stop() }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    func add() -> Bool {
        count += 1
        return thread.isCurrent
    }

    var turns: Int { turnEnds }
}

@Suite("A database thread", .timeLimit(.minutes(1)))
struct DatabaseThreadTests {
    @Test("runs all that an actor does, in turns")
    func residence() async throws {
        let resident = try Resident()
        let onThread = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<1_000 { group.addTask { await resident.add() } }
            return await group.allSatisfy { $0 }
        }
        #expect(onThread)
        #expect(await resident.count == 1_000)
        let turns = await resident.turns
        #expect(turns >= 1 && turns <= 1_003)
        #expect(!resident.thread.isCurrent)
    }

    @Test("each turn ends as near to the top of the stack as the first")
    func manyTurns() async throws {
        let resident = try Resident()
        let depth = StackDepth()
        resident.thread.atEndOfTurn { depth.note() }
        for _ in 0..<1_000 { _ = await resident.add() }
        #expect(depth.growthBytes < 1_000)
    }

    @Test("ends with the actor that lived on it, even where that goes on the thread itself")
    func ending() async throws {
        weak var gone: DatabaseThread?
        for _ in 0..<50 {
            let resident = try Resident()
            gone = resident.thread
            _ = await resident.add()
        }
        await eventually { gone == nil }
    }

    @Test("can be stopped twice")
    func stopping() throws {
        let thread = try DatabaseThread(name: "a name that is longer than the kernel takes")
        thread.stop()
        thread.stop()
    }
}
