import LinuxSystem
import StatusCore
import StatusModel
import TTRPCTransport
import TelltaleServer
import Testing

@Suite("The marks of live watches")
struct WatchMarksTests {
    private let everybody = RoleSet(Role.allCases)
    private let now = LoopInstant(nanoseconds: 5)

    private func id(_ sequence: UInt64, epoch: UInt64 = 7) -> EventID { EventID(epoch: epoch, sequence: sequence) }

    private let shop: ProjectID

    init() throws { shop = try #require(ProjectID("shop")) }

    /// Watch 0 of an owner and watch 1 of a viewer, whose streams are 10 and 11, both live.
    private func marks() -> WatchMarks {
        var marks = WatchMarks()
        for (number, role) in [(0, Role.owner), (1, .viewer)] as [(UInt32, Role)] {
            marks.add(number, order: UInt64(number) + 10, role: role, isPicky: false)
            marks.rise(number)
        }
        return marks
    }

    /// Which of the watches has fallen behind.
    private func fall(
        _ marks: inout WatchMarks, _ numbers: UInt32..., behind place: EventID, shownTo roles: RoleSet? = nil,
        where isWanted: (UInt32) -> Bool = { _ in true }
    ) -> [UInt32] {
        var index = WatcherIndex()
        for number in numbers { index.add(number, order: UInt64(number) + 10, following: [shop]) }
        // Of another project.
        if let other = ProjectID("other") { index.add(1, order: 99, following: [other]) }
        return marks.fall(index, following: shop, behind: place, shownTo: roles ?? everybody, where: isWanted)
            .members.map(\.name)
    }

    private func tell(_ marks: inout WatchMarks, _ number: UInt32, order: UInt64, of event: EventID) -> [CrowdTurn] {
        var turns: [CrowdTurn] = []
        marks.tell([StreamCrowd.Member(order: order, name: number)], of: event, at: now, &turns)
        return turns
    }

    @Test("a live watch falls behind once, by an event that its role sees, and rises when it is told")
    func fallAndRise() {
        var marks = marks()
        let fell = fall(&marks, 0, 1, behind: id(3), shownTo: RoleSet([.owner, .admin]))
        #expect(fell == [0])
        let fellAgain = fall(&marks, 0, behind: id(4))
        #expect(fellAgain.isEmpty)
        #expect(marks.place(of: 0) == id(3))
        #expect(marks.place(of: 1) == nil)
        let turns = tell(&marks, 0, order: 10, of: id(4))
        #expect(turns == [.told(Role.owner.index)])
        #expect(marks.place(of: 0) == nil)
        let toldAgain = tell(&marks, 0, order: 10, of: id(4))
        #expect(toldAgain == [.passed])
        let fellLater = fall(&marks, 0, behind: id(4))
        #expect(fellLater == [0])
    }

    @Test("only who fell with the event, by its own stream, is told of it, each what its role sees")
    func whoFell() {
        var marks = marks()
        _ = fall(&marks, 0, behind: id(3))
        for (order, event) in [(10, id(5)), (10, id(4, epoch: 8)), (11, id(4))] as [(UInt64, EventID)] {
            let turns = tell(&marks, 0, order: order, of: event)
            #expect(turns == [.passed], "\(order) \(event)")
        }
        _ = fall(&marks, 1, behind: id(3))
        let both = [(10, 0), (11, 1)].map { StreamCrowd.Member(order: $0.0, name: $0.1) }
        var asked: [CrowdTurn] = []
        marks.ask(both[...], behind: id(4), &asked)
        #expect(asked == [.asked, .asked] && marks.place(of: 0) == id(3), "they look to themselves")
        var told: [CrowdTurn] = []
        marks.tell(both[...], of: id(4), at: now, &told)
        #expect(told == [.told(Role.owner.index), .told(Role.viewer.index)])
        marks.ask(both[...], behind: id(4), &told)
        #expect(told.suffix(2) == [.passed, .passed])
        // The first event of an epoch.
        _ = fall(&marks, 1, behind: id(0, epoch: 9))
        let first = tell(&marks, 1, order: 11, of: id(1, epoch: 9))
        #expect(first == [.told(Role.viewer.index)])
    }

    @Test("a watch that looks to itself learns where it fell and when it was told, once, and is live no more")
    func taken() {
        var marks = marks()
        _ = fall(&marks, 0, behind: id(3))
        _ = tell(&marks, 0, order: 10, of: id(4))
        let first = marks.take(0)
        #expect(first.fallenTo == nil && first.toldAt == now)
        let second = marks.take(0)
        #expect(second.fallenTo == nil && second.toldAt == nil)
        _ = fall(&marks, 0, behind: id(4))
        let takenOnce = marks.take(0)
        #expect(takenOnce.fallenTo == id(4))
        let takenAgain = marks.take(0)
        #expect(takenAgain.fallenTo == nil)
        let turns = tell(&marks, 0, order: 10, of: id(5))
        #expect(turns == [.passed], "it tells itself now")
        let whileBehind = fall(&marks, 0, behind: id(5))
        #expect(whileBehind.isEmpty)
        marks.rise(0)
        let afterRising = fall(&marks, 0, behind: id(5))
        #expect(afterRising == [0])
    }

    @Test("a watch that has ended, or has just begun, is told of nothing")
    func ended() {
        var marks = marks()
        _ = fall(&marks, 0, behind: id(3))
        marks.remove(0)
        let turns = tell(&marks, 0, order: 10, of: id(4))
        #expect(turns == [.passed])
        let ended = fall(&marks, 0, behind: id(4))
        #expect(ended.isEmpty)
        marks.add(0, order: 12, role: .editor, isPicky: true)
        let begun = fall(&marks, 0, behind: id(4))
        #expect(begun.isEmpty)
        marks.drop(1)
        let dropped = fall(&marks, 1, behind: id(4))
        #expect(dropped.isEmpty)
    }

    @Test("whoever is picky is asked whether it wants the event, and nobody else")
    func picky() {
        var marks = marks()
        for (number, isPicky) in [(2, true), (3, true)] as [(UInt32, Bool)] {
            marks.add(number, order: UInt64(number) + 10, role: .editor, isPicky: isPicky)
            marks.rise(number)
        }
        var asked: [UInt32] = []
        let fallen = fall(&marks, 0, 1, 2, 3, behind: id(3)) { number in
            asked.append(number)
            return number == 3
        }
        #expect(fallen == [0, 1, 3])
        #expect(asked == [2, 3])
    }
}
