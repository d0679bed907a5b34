import LinuxSystem
import StatusModel
import TelltaleServer
import Testing

@Suite("The marks of live watches")
struct WatchMarksTests {
    private let everybody = RoleSet(Role.allCases)
    private let now = LoopInstant(nanoseconds: 5)

    private func id(_ sequence: UInt64, epoch: UInt64 = 7) -> EventID { EventID(epoch: epoch, sequence: sequence) }

    /// Watch 0 of an owner and watch 1 of a viewer, both live.
    private func marks() -> WatchMarks {
        var marks = WatchMarks()
        for (number, role) in [(0, Role.owner), (1, .viewer)] as [(UInt32, Role)] {
            marks.add(number, order: UInt64(number) + 10, role: role, isPicky: false)
            marks.rise(number)
        }
        return marks
    }

    @Test("a live watch falls behind once, by an event that its role sees, and rises when it was told")
    func fallAndRise() {
        var marks = marks()
        let unseen = marks.fall(1, behind: id(3), shownTo: RoleSet([.owner, .admin]))
        #expect(!unseen)
        let fell = marks.fall(0, behind: id(3), shownTo: RoleSet([.owner, .admin]))
        #expect(fell)
        let fellAgain = marks.fall(0, behind: id(4), shownTo: everybody)
        #expect(!fellAgain)
        #expect(marks.place(of: 0) == id(3))
        #expect(marks.place(of: 1) == nil)
        marks.told(0, at: now)
        #expect(marks.place(of: 0) == nil)
        let fellLater = marks.fall(0, behind: id(4), shownTo: everybody)
        #expect(fellLater)
    }

    @Test("only who fell with the event, by its own stream, is to be told of it")
    func whoFell() {
        var marks = marks()
        #expect(marks.role(ofFallen: 0, order: 10, behind: id(4)) == nil)
        _ = marks.fall(0, behind: id(3), shownTo: everybody)
        #expect(marks.role(ofFallen: 0, order: 10, behind: id(4)) == .owner)
        #expect(marks.role(ofFallen: 0, order: 10, behind: id(5)) == nil)
        #expect(marks.role(ofFallen: 0, order: 10, behind: id(4, epoch: 8)) == nil)
        #expect(marks.role(ofFallen: 0, order: 11, behind: id(4)) == nil, "the number is another's now")
        // The first event of an epoch.
        _ = marks.fall(1, behind: id(0, epoch: 9), shownTo: everybody)
        #expect(marks.role(ofFallen: 1, order: 11, behind: id(1, epoch: 9)) == .viewer)
    }

    @Test("a watch that looks to itself learns where it fell and when it was told, once, and is live no more")
    func taken() {
        var marks = marks()
        _ = marks.fall(0, behind: id(3), shownTo: everybody)
        marks.told(0, at: now)
        let first = marks.take(0)
        #expect(first.fallenTo == nil && first.toldAt == now)
        let second = marks.take(0)
        #expect(second.fallenTo == nil && second.toldAt == nil)
        _ = marks.fall(0, behind: id(4), shownTo: everybody)
        let takenOnce = marks.take(0)
        #expect(takenOnce.fallenTo == id(4))
        let takenAgain = marks.take(0)
        #expect(takenAgain.fallenTo == nil)
        #expect(marks.role(ofFallen: 0, order: 10, behind: id(5)) == nil, "it tells itself now")
        let whileBehind = marks.fall(0, behind: id(5), shownTo: everybody)
        #expect(!whileBehind)
        marks.rise(0)
        let afterRising = marks.fall(0, behind: id(5), shownTo: everybody)
        #expect(afterRising)
    }

    @Test("a watch that has ended, or has just begun, is told of nothing")
    func ended() {
        var marks = marks()
        _ = marks.fall(0, behind: id(3), shownTo: everybody)
        marks.remove(0)
        #expect(marks.role(ofFallen: 0, order: 10, behind: id(4)) == nil)
        let ended = marks.fall(0, behind: id(4), shownTo: everybody)
        #expect(!ended)
        marks.add(0, order: 12, role: .editor, isPicky: true)
        let begun = marks.fall(0, behind: id(4), shownTo: everybody)
        #expect(!begun)
        #expect(marks.isPicky(0) && !marks.isPicky(1))
        marks.drop(1)
        let dropped = marks.fall(1, behind: id(4), shownTo: everybody)
        #expect(!dropped)
    }
}
