import CMalloc

/// What the program asks of the C library's allocator. Pages of a feed are allocated on one thread and let go on
/// another, a hundred kilobytes at a time, and the daemon lives for months.
package enum Memory {
    /// Before the first thread.
    ///
    /// - Parameter livesLong: what a heap keeps of holes adds up over months.
    package static func tune(livesLong: Bool) {
        // With a heap for every thread each would keep holes of its own; with few they wait for each other, which costs
        // a check of many stores a tenth of its time.
        mallopt(M_ARENA_MAX, livesLong ? 2 : 8)
        // Below these a page of a feed would be given back to the system when it is let go, and be asked for again at
        // the next: most of the time of a fetch went into that.
        mallopt(M_TRIM_THRESHOLD, 64 << 20)
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
    }

    /// Gives back what is free, after much was let go.
    static func trim() { malloc_trim(0) }

    /// The same in the middle of work over groups of stores, every few of them: what a group let go, the next ones would
    /// not find again between the pieces that stay.
    static func trim(afterGroup start: Int) { if start / Judge.groupSize % 8 == 7 { trim() } }
}
