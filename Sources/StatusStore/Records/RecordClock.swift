import CTelltaleProtos
import StatusCore
import StatusModel

/// Turns the times of one record into moments of this process (SPEC §5: true ages).
///
/// As long as the host runs, the monotonic clock is the truth and the wall clock may be stepped as it likes. After a new
/// start of the host only the wall clock is left.
struct RecordClock {
    /// After a new start of the host nothing lies further ahead: a wall clock that was wrong must not silence an item.
    static let aheadMax = Duration.seconds(24 * 3600)

    private let now: Moment
    /// When the host started; nil when the record is of another start, or the system does not tell.
    private let origin: ContinuousClock.Instant?

    init(now: Moment, origin: ContinuousClock.Instant?) {
        self.now = now
        self.origin = origin
    }

    /// The moment of something that has happened: never after now, so that no age is negative.
    func past(_ kept: Telltale__Store__V1__Moment) -> Moment {
        let wall = UnixTime(nanoseconds: kept.wall)
        guard let origin else { return Moment(restoring: wall, at: now) }
        return Moment(instant: min(origin.advanced(by: .nanoseconds(kept.since_boot)), now.instant), wall: wall)
    }

    /// The moment of something that is planned: it may lie on either side of now.
    func planned(_ kept: Telltale__Store__V1__Moment) -> Moment {
        let wall = UnixTime(nanoseconds: kept.wall)
        guard let origin else {
            guard wall.since(now.wall) <= Self.aheadMax else { return now.advanced(by: Self.aheadMax) }
            return Moment(instant: now.instant(of: wall), wall: wall)
        }
        return Moment(instant: origin.advanced(by: .nanoseconds(kept.since_boot)), wall: wall)
    }
}

extension RecordClock {
    func past(
        _ kept: UnsafeMutablePointer<Telltale__Store__V1__Moment>?, _ field: StaticString
    ) throws(RecordError) -> Moment {
        past(try readRequired(kept, field))
    }

    func planned(
        _ kept: UnsafeMutablePointer<Telltale__Store__V1__Moment>?, _ field: StaticString
    ) throws(RecordError) -> Moment {
        planned(try readRequired(kept, field))
    }

    func past(ifAny kept: UnsafeMutablePointer<Telltale__Store__V1__Moment>?) -> Moment? {
        kept.map { past($0.pointee) }
    }

    func planned(ifAny kept: UnsafeMutablePointer<Telltale__Store__V1__Moment>?) -> Moment? {
        kept.map { planned($0.pointee) }
    }
}
