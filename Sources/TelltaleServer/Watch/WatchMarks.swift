package import LinuxSystem
import StatusCore
package import StatusModel
package import TTRPCTransport

/// Where the live watches of a hub stand, in one table: to tell a thousand of them of an event none has to be taken in hand.
///
/// A live watch stands at the hub's place until an event comes that concerns it. Then it has fallen behind, and rises again
/// when it was told. One that finds more to do than that takes its mark back, and stands where its cursor says.
package struct WatchMarks {
    private struct Mark {
        /// Of its stream.
        var order: UInt64 = 0
        /// The event after which it has fallen behind; sequence `max` while it has not.
        var place = Self.none
        /// When it was last told something without being asked; 0 for not since it looked.
        var toldAt = LoopInstant(nanoseconds: 0)
        var role = Role.viewer
        var isPicky = false
        var isLive = false

        static let none = EventID(epoch: 0, sequence: .max)
    }

    /// By the watches' numbers.
    private var marks: [Mark] = []

    package init() {}

    /// A watch is there, of which nothing is known but its own cursor.
    ///
    /// - Parameters:
    ///   - number: Its number.
    ///   - order: Its stream's.
    ///   - role: Whose eyes.
    ///   - isPicky: Whether it does not want all kinds of events.
    package mutating func add(_ number: UInt32, order: UInt64, role: Role, isPicky: Bool) {
        while marks.count <= number { marks.append(Mark()) }
        marks[Int(number)] = Mark(order: order, role: role, isPicky: isPicky)
    }

    package mutating func remove(_ number: UInt32) { marks[Int(number)] = Mark() }

    /// It has all that concerns it, and is told here of what comes.
    package mutating func rise(_ number: UInt32) {
        marks[Int(number)].isLive = true
        marks[Int(number)].place = Mark.none
    }

    /// An event follows on that place: live watches of the project whose role sees it have fallen behind with it.
    ///
    /// - Parameters:
    ///   - index: Who follows which project.
    ///   - project: Of which the event is.
    ///   - place: The event's, less one.
    ///   - roles: Who sees something of it.
    ///   - isWanted: Whether a watch wants this kind of event; asked of those that are picky.
    /// - Returns: Who has fallen.
    package mutating func fall(
        _ index: WatcherIndex, following project: ProjectID, behind place: EventID, shownTo roles: RoleSet,
        where isWanted: (UInt32) -> Bool
    ) -> StreamCrowd {
        var crowd = StreamCrowd(upTo: index.count(following: project))
        index.forEach(following: project) { number, order in
            let mark = marks[Int(number)]
            guard mark.isLive, mark.place == Mark.none, roles.contains(mark.role), !mark.isPicky || isWanted(number)
            else { return }
            marks[Int(number)].place = place
            crowd.add(order: order, as: number)
        }
        return crowd
    }

    /// The turn of these watches has come, to be told of the event alone: those that have fallen behind with it are told what
    /// their role sees, and rise.
    package mutating func tell(
        _ members: ArraySlice<StreamCrowd.Member>, of event: EventID, at now: LoopInstant, _ turns: inout [CrowdTurn]
    ) {
        for member in members {
            guard let role = role(ofFallen: member, behind: event) else {
                turns.append(.passed)
                continue
            }
            turns.append(.told(role.index))
            marks[Int(member.name)].place = Mark.none
            marks[Int(member.name)].toldAt = now
        }
    }

    /// The turn of these watches has come, and more than the event follows: those that have fallen behind with it look to
    /// themselves.
    package func ask(_ members: ArraySlice<StreamCrowd.Member>, behind event: EventID, _ turns: inout [CrowdTurn]) {
        for member in members { turns.append(role(ofFallen: member, behind: event) == nil ? .passed : .asked) }
    }

    /// The role of a watch that has fallen behind with this event; nil for one that has not, or is another than that of the
    /// stream.
    private func role(ofFallen member: StreamCrowd.Member, behind event: EventID) -> Role? {
        let mark = marks[Int(member.name)]
        guard mark.order == member.order, mark.isLive, mark.place.sequence &+ 1 == event.sequence,
            mark.place.epoch == event.epoch
        else { return nil }
        return mark.role
    }

    /// Since when a live watch is behind; nil while it is not.
    package func place(of number: UInt32) -> EventID? {
        let mark = marks[Int(number)]
        return mark.isLive && mark.place != Mark.none ? mark.place : nil
    }

    /// The watch looks to itself: where it has fallen to, and when it was last told something since it looked before. One that
    /// has fallen is live no more, until it rises.
    package mutating func take(_ number: UInt32) -> (fallenTo: EventID?, toldAt: LoopInstant?) {
        let mark = marks[Int(number)]
        let place = place(of: number)
        if place != nil { drop(number) }
        marks[Int(number)].toldAt = LoopInstant(nanoseconds: 0)
        return (place, mark.toldAt.nanoseconds == 0 ? nil : mark.toldAt)
    }

    /// It is live no more.
    package mutating func drop(_ number: UInt32) {
        marks[Int(number)].isLive = false
        marks[Int(number)].place = Mark.none
    }
}

/// Some roles.
package struct RoleSet {
    private let bits: UInt8

    package init(_ roles: some Sequence<Role>) { bits = roles.reduce(0) { $0 | Self.bit($1) } }

    package func contains(_ role: Role) -> Bool { bits & Self.bit(role) != 0 }

    private static func bit(_ role: Role) -> UInt8 { 1 << UInt8(role.index) }
}
