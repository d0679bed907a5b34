import Testing

/// The programs as their users run them: real processes, real sockets, and a simulated GitHub. One test at a time, for
/// each has several processes and some measure time.
@Suite("End to end", .serialized)
enum EndToEnd {}
