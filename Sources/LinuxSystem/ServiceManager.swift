import CLinux
import Glibc

/// What systemd passes in and wants to hear (sd_notify(3), sd_listen_fds(3)); without it all of this does nothing.
package struct ServiceManager: Sendable {
    private let notifySocket: String?
    private let listenDescriptors: Int
    /// Half of what the watchdog allows between two signs of life; nil without a watchdog.
    package let watchdogInterval: Duration?

    /// First descriptor that a service manager passes (SD_LISTEN_FDS_START).
    private static let firstListenDescriptor: Int32 = 3

    package init(environment: [String: String]) {
        notifySocket = environment["NOTIFY_SOCKET"]
        let isForUs = environment["LISTEN_PID"].flatMap { Int32($0) } == getpid()
        listenDescriptors = isForUs ? environment["LISTEN_FDS"].flatMap { Int($0) } ?? 0 : 0
        let isWatched = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        watchdogInterval = isWatched ? microseconds.map { .microseconds(max(1, $0 / 2)) } : nil
    }

    /// The first socket passed for activation, if any; its file belongs to the service manager.
    package func inheritedListener() -> UnixListener? {
        guard listenDescriptors >= 1 else { return nil }
        let descriptor = Self.firstListenDescriptor
        guard telltale_set_nonblocking_and_cloexec(descriptor) == 0 else { return nil }
        return UnixListener(inherited: descriptor)
    }

    /// Says `READY=1`, `STOPPING=1`, `WATCHDOG=1`, `STATUS=…`. A manager that does not listen is not our trouble.
    package func notify(_ state: String) {
        guard let notifySocket else { return }
        var state = state
        state.withUTF8 { bytes in _ = telltale_notify_send(notifySocket, bytes.baseAddress, bytes.count) }
    }
}
