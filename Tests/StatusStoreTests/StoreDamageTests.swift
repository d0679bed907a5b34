import Glibc
import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("A damaged store", .timeLimit(.minutes(5)))
struct StoreDamageTests {
    private static let pageBytes = 4_096

    /// A sound file and what it holds.
    private func soundFile() async throws -> (bytes: [UInt8], batch: StoreBatch, rig: StoreRig) {
        let rig = try StoreRig()
        let store = try await rig.openStore()
        let batch = try Samples(now: rig.time.now).everything(projects: 24)
        try await store.save(batch)
        await store.close()
        return (try #require(Bytes.read(rig.path)), batch, rig)
    }

    /// Starts on the bytes as a daemon does, saves everything again, and checks what came of it. Gives the number of rows
    /// that the store could still give.
    private func live(
        on bytes: [UInt8], _ batch: StoreBatch, _ time: ManualTime, isChecked: Bool = true, _ comment: Comment
    ) async throws -> Int {
        let rig = try StoreRig(time: time)
        Bytes.write(bytes, to: rig.path)
        let store = try await rig.openStore()
        let content = try await store.load()
        #expect(content.isContained(in: batch.content), comment)
        if isChecked { await store.check() }
        let isWhole = content.asSets == batch.content.asSets
        #expect(
            isWhole || !isChecked || !rig.asides.isEmpty || bytes.isEmpty,
            "\(comment): something is lost, and nobody noticed")
        if let aside = rig.asides.first { #expect(Bytes.read(rig.folder[aside]) == bytes, comment) }
        // Whoever met the damage saves again.
        do throws(StoreError) { try await store.save(batch) } catch { try await store.save(batch) }
        #expect(store.state.error == nil, comment)
        // What neither the load nor a save met, the check finds.
        if await store.check() != nil { try await store.save(batch) }
        await store.close()
        let next = try await rig.openStore()
        #expect(try await next.load().asSets == batch.content.asSets, comment)
        #expect(await next.check() == nil, comment)
        #expect(try await next.events(after: EventID(epoch: 7, sequence: 0), limit: 100) == batch.events, comment)
        return content.asSets.map(\.count).reduce(0, +)
    }

    @Test("gives what is sound of a file that was cut off at any page, keeps it, and goes on")
    func truncated() async throws {
        let (bytes, batch, origin) = try await soundFile()
        var rows = 0
        for page in 0..<bytes.count / Self.pageBytes {
            let cut = page * Self.pageBytes
            rows += try await live(on: Array(bytes[..<cut]), batch, origin.time, "cut at \(cut)")
            if page % 8 == 0 {
                _ = try await live(on: Array(bytes[..<(cut + 1_000)]), batch, origin.time, "cut at \(cut + 1_000)")
            }
        }
        #expect(rows > 0)
    }

    @Test("gives what is sound of a file with a flipped bit anywhere, keeps it, and goes on")
    func flipped() async throws {
        let (bytes, batch, origin) = try await soundFile()
        let seed: UInt64 = 99
        var generator = SeededGenerator(seed: seed)
        // The first bytes of each page say what the page is; a flip there costs the most.
        var places = stride(from: 0, to: bytes.count, by: Self.pageBytes).map {
            $0 + Int.random(in: 0..<12, using: &generator)
        }
        // But for the lowest byte of the schema's version: a higher number there may be a newer daemon's, and is refused.
        places += (0..<100).filter { $0 != 63 }
        places += (0..<60).map { _ in Int.random(in: 0..<bytes.count, using: &generator) }
        var rows = 0
        for place in places {
            var damaged = bytes
            let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
            damaged[place] ^= bit
            rows += try await live(
                on: damaged, batch, origin.time, isChecked: Bool.random(using: &generator),
                "seed \(seed), byte \(place), bit \(bit)")
        }
        let whole = batch.content.asSets.map(\.count).reduce(0, +)
        #expect(rows > places.count * whole * 7 / 10, "\(rows) of \(places.count * whole) rows")
    }

    @Test("gives what is sound of a file with a page of nonsense")
    func nonsense() async throws {
        let (bytes, batch, origin) = try await soundFile()
        var generator = SeededGenerator(seed: 7)
        for page in 0..<bytes.count / Self.pageBytes {
            var damaged = bytes
            for place in page * Self.pageBytes..<(page + 1) * Self.pageBytes {
                damaged[place] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try await live(on: damaged, batch, origin.time, "page \(page)")
        }
    }

    @Test("loses one record for a bit that flipped in one")
    func oneRecord() async throws {
        let (bytes, batch, rig) = try await soundFile()
        Bytes.write(bytes, to: rig.path)
        #expect(Bytes.flip(marker: "line 17 line 17", in: rig.path) > 0)
        let store = try await rig.openStore()
        let content = try await store.load()
        #expect(Set(content.items) == Set(batch.items.filter { $0.project.rawValue != "project-17" }))
        #expect(content.asSets[0] == batch.content.asSets[0])
        #expect(store.state.error?.code == .corrupt)
        #expect(store.state.error?.message.contains("does not match its seal") == true)
        #expect(rig.notices.contains(.salvaged(rows: 11 * 24 - 1, lostTables: ["items"])))
        // Operations and events were carried over too.
        #expect(try await store.operation("operation-17") == batch.operations[17])
        #expect(store.state.error == nil)
        #expect(rig.asides.count == 1)
    }

    @Test("throws for whoever asks for a damaged record, once")
    func lookup() async throws {
        let (_, batch, rig) = try await soundFile()
        #expect(Bytes.flip(marker: "key-9", in: rig.path) > 0)
        let store = try await rig.openStore()
        let error = await #expect(throws: StoreError.self) { try await store.operation("operation-9") }
        #expect(error?.code == .corrupt)
        #expect(try await store.operation("operation-9") == nil)
        #expect(try await store.operation("operation-8") == batch.operations[8])
        var rest = batch.content
        rest.operations.removeAll { $0.id == "operation-9" }
        #expect(try await store.load().asSets == rest.asSets)
    }

    @Test("breaks a look for damage off once nobody wants to know, and believes nothing of it")
    func cancelledLook() async throws {
        var (bytes, _, rig) = try await soundFile()
        let key = Array("delivery-9".utf8)
        let places = bytes.indices.dropLast(key.count).filter { bytes[$0..<$0 + key.count].elementsEqual(key) }
        // In one of them alone, so that the row and its index differ.
        bytes[try #require(places.first)] ^= 1
        Bytes.write(bytes, to: rig.path)
        let store = try await rig.openStore()
        let finding = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await store.check()
        }.value
        #expect(finding == nil && store.state.error == nil)
        #expect(rig.asides.isEmpty && rig.notices == [.created])
        #expect(await store.check()?.code == .corrupt)
        #expect(rig.asides.count == 1)
    }

    @Test("sets no more files aside within an hour than would help")
    func bounded() async throws {
        let rig = try StoreRig()
        let store = try await rig.openStore()
        var batch = StoreBatch()
        batch.items = [try Samples(now: rig.time.now).item(1, text: "marker-of-the-test")]
        func damage() async throws {
            try await store.save(batch)
            // What is read from now on comes from the file.
            _ = try await store.load()
            for file in [rig.path, rig.log] { Bytes.flip(marker: "marker-of-the-test", in: file) }
            _ = try await store.load()
        }
        for _ in 1...4 { try await damage() }
        #expect(rig.asides.count == 4)
        try await damage()
        #expect(rig.asides.count == 4)
        #expect(store.state.error?.message.contains("4 times within an hour") == true)
        let error = await #expect(throws: StoreError.self) { try await store.save(batch) }
        #expect(error?.code == .corrupt)
        rig.time.advance(by: .seconds(3_600))
        try await store.save(batch)
        #expect(store.state.error == nil)
        #expect(rig.asides.count == 5)
        #expect(try await store.load().items == batch.items)
    }
}
