import LinuxSystem
import SQLiteDatabase
import StatusCore
import StatusModel

extension SQLiteStore {
    /// How many files are set aside within an hour. A disk that damages more is not made better by more of them.
    static let settingAsideMax = 4

    /// Gives a damaged file another name, and puts a new one in its place that holds what can be read of it. The new file is
    /// whole before the old one is moved: a daemon that ends in between finds the one or the other.
    ///
    /// - Returns: where the damaged file is kept; nil when there was none.
    func setAside(_ file: StoreFile, reason: String) throws(StoreError) -> String? {
        knownDamage = reason
        connection.disconnect(leavingLog: true)
        let now = time.now
        settingsAside.removeAll { $0.duration(to: now.instant) >= .seconds(3_600) }
        guard settingsAside.count < Self.settingAsideMax else {
            throw .tooOftenDamaged(path, times: settingsAside.count)
        }
        let salvage = try rescue(file)
        let aside = try finishSettingAside(file)
        settingsAside.append(now.instant)
        if salvage.rows > 0 || !salvage.lostTables.isEmpty {
            observer(.salvaged(rows: salvage.rows, lostTables: salvage.lostTables))
        }
        return aside
    }

    /// From where a rescue stands beside the file, whole.
    @discardableResult
    func finishSettingAside(_ file: StoreFile) throws(StoreError) -> String? {
        FailPoint.pass("store.setAside.before")
        let aside: String?
        do throws(StoreFileError) {
            aside = try file.setAside(at: time.now.wall)
            try file.adoptRescue()
        } catch {
            throw StoreError(error, path: path)
        }
        FailPoint.pass("store.setAside.after")
        knownDamage = nil
        publish { $0.generation += 1 }
        if let aside { observer(.setAside(path: aside)) }
        return aside
    }

    private func rescue(_ file: StoreFile) throws(StoreError) -> Salvage {
        do throws(StoreFileError) { try file.beginRescue() } catch { throw StoreError(error, path: path) }
        var salvage = Salvage(clock: time.boot, now: time.now)
        do throws(DatabaseError) {
            let target = try Database(path: file.path.unfinishedRescue, vfs: vfs)
            defer { target.close() }
            try salvage.carryOver(from: file.path.file, vfs: vfs, into: target, migrations: migrations)
        } catch {
            // Of the damaged file nothing is thrown: this is the new one's trouble.
            throw StoreError(error, path: path)
        }
        do throws(StoreFileError) { try file.finishRescue() } catch { throw StoreError(error, path: path) }
        return salvage
    }
}
