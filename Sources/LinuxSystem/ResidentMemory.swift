import CLinux

/// The memory of this process that stands in RAM.
package enum ResidentMemory {
    /// Has the allocator hold back little. To be called once, before there is a second thread.
    package static func spare() { telltale_spare_memory() }

    /// Gives back what only starting up or a burst needed: pages of code that comes back from the page cache when it
    /// runs again, and free memory of the allocator. Takes about a millisecond; safe at any time, from any thread.
    package static func trim() { telltale_release_code_pages() }
}
