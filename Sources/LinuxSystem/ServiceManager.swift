import CLinux
import Glibc

/// What systemd passes in and wants to hear (sd_notify(3), sd_listen_fds(3)); without it all of this does nothing.
package struct ServiceManager: Sendable {
    private let notifySocket: String?
    private let listenDescriptor: Int32?
    /// Half of what the watchdog allows between two signs of life; nil without a watchdog.
    package let watchdogInterval: Duration?

    /// - Parameters:
    ///   - environment: The process's environment.
    ///   - firstListenDescriptor: The first descriptor that a service manager passes (SD_LISTEN_FDS_START).
    package init(environment: [String: String], firstListenDescriptor: Int32 = 3) {
        notifySocket = environment["NOTIFY_SOCKET"]
        let isForUs = environment["LISTEN_PID"].flatMap { Int32($0) } == getpid()
        let count = environment["LISTEN_FDS"].flatMap { Int($0) } ?? 0
        listenDescriptor = isForUs && count >= 1 ? firstListenDescriptor : nil
        let isWatched = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        watchdogInterval = isWatched ? microseconds.map { .microseconds(max(1, $0 / 2)) } : nil
    }

    /// Takes the first socket passed for activation, if any; its file belongs to the service manager. Call it once.
    ///
    /// - Throws: `.system` when what was passed is no listening Unix stream socket; then the unit file is at fault.
    package func inheritedListener() throws(UnixListenerError) -> UnixListener? {
        guard let listenDescriptor else { return nil }
        do throws(SystemError) {
            try SystemCalls.checked("getsockopt") { telltale_check_unix_listener(listenDescriptor) }
            try SystemCalls.checked("fcntl") { telltale_set_nonblocking_and_cloexec(listenDescriptor) }
        } catch {
            throw .system(error)
        }
        return UnixListener(inherited: listenDescriptor)
    }

    /// Says that the configuration is being read anew, until `READY=1`. systemd tells this reload from an earlier one by
    /// the monotonic clock (sd_notify(3), RELOADING=1).
    package func notifyReloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let microseconds = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
        notify("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
    }

    /// Says `READY=1`, `STOPPING=1`, `WATCHDOG=1`, `STATUS=…`. A manager that does not listen is not our trouble; one
    /// that is behind with reading is waited for, at most 100 ms.
    package func notify(_ state: String) {
        guard let notifySocket else { return }
        var state = state
        state.withUTF8 { bytes in _ = telltale_notify_send(notifySocket, bytes.baseAddress, bytes.count) }
    }
}
