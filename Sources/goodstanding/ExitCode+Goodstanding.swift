import ArgumentParser

extension ExitCode {
    /// Of every command but `check`: the work could not be done.
    static let failed = ExitCode(1)
    /// Of every command but `check`: wrong usage or configuration.
    static let wrongUsage = ExitCode(64)

    // Of `check`, as monitoring plugins have it.
    static let warning = ExitCode(1)
    static let breach = ExitCode(2)
    /// Also wrong usage or configuration: a check that cannot tell must not look healthy, nor like a breach.
    static let unknown = ExitCode(3)
}
