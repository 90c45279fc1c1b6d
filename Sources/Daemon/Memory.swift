import CMalloc

/// What the daemon asks of the C library's allocator: it lives for months, and what a first pull of a large marketplace
/// needed for a moment is to go back to the system.
enum Memory {
    /// Before the first thread.
    static func keepSmall() {
        // Every thread would otherwise keep a heap of its own, with holes of its own.
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_TRIM_THRESHOLD, 1 << 20)
        mallopt(M_MMAP_THRESHOLD, 1 << 18)
    }

    /// Gives back what is free, after much was let go.
    static func trim() { malloc_trim(0) }
}
