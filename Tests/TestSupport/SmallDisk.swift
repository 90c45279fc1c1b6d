import Foundation

/// A disk that is soon full: a file system of its own in memory, gone with this value.
package final class SmallDisk: Sendable {
    private let folder: Workplace

    package var path: String { folder.file("disk") }

    /// nil where mounting is not allowed; it takes root, and more in some containers.
    package init?(mebibytes: Int) throws {
        folder = try Workplace()
        try FileManager.default.createDirectory(atPath: folder.file("disk"), withIntermediateDirectories: true)
        guard let mount = Tool("mount") else { return nil }
        do {
            try mount.run(["-t", "tmpfs", "-o", "size=\(mebibytes)m", "tmpfs", folder.file("disk")])
        } catch {
            return nil
        }
    }

    /// Takes all the room that is left.
    package func fill() throws {
        let ballast = URL(filePath: path + "/ballast")
        try Data().write(to: ballast)
        let file = try FileHandle(forWritingTo: ballast)
        defer { try? file.close() }
        let piece = Data(repeating: 0x5A, count: 4096)
        while (try? file.write(contentsOf: piece)) != nil {}
    }

    /// Gives it back.
    package func free() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }

    deinit { _ = try? Tool("umount")?.run([path]) }
}
