import Foundation
import TestSupport
import Testing

@Suite(
    "The unit as `make install` lays it down",
    .enabled(if: Installed.absence == nil, "not run: \(Installed.absence ?? "")"))
struct UnitFileTests {
    @Test(
        "program, unit, two pages, the packs to read, folders of secrets and ledger are laid, each with its mode, and nothing else"
    )
    func laid() async throws {
        let installed = try await Installed()
        let rules = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../rules").path
        let packs = try FileManager.default.contentsOfDirectory(atPath: rules).filter { $0.hasSuffix(".yaml") }
        #expect(packs.contains("pinduoduo.yaml"))
        let read = packs.map { ("usr/share/doc/goodstanding/rules/\($0)", 0o644) }
        #expect(
            try installed.modes().filter { !$0.key.hasPrefix("usr/share/doc/goodstanding/rules/") } == [
                "etc/goodstanding": 0o755,
                "etc/goodstanding/secrets": 0o700,
                "etc/systemd/system/goodstanding.service": 0o644,
                "usr/bin/goodstanding": 0o755,
                "usr/share/doc/goodstanding/README.md": 0o644,
                "usr/share/doc/goodstanding/adding-a-platform.md": 0o644,
                "var/lib/goodstanding": 0o700,
            ])
        #expect(
            try installed.modes().filter { $0.key.hasPrefix("usr/share/doc/goodstanding/rules/") }
                == Dictionary(read) { $1 })
    }

    @Test("an uninstall takes all of it away but configuration and ledger, which are the owner's")
    func uninstalled() async throws {
        let installed = try await Installed()
        try installed.folder.write("etc/goodstanding/goodstanding.yaml", "stores: []\n")
        try await installed.make("uninstall")
        #expect(
            try installed.modes().keys.sorted() == [
                "etc/goodstanding", "etc/goodstanding/goodstanding.yaml", "etc/goodstanding/secrets",
                "etc/systemd/system", "usr/bin", "usr/share/doc", "var/lib/goodstanding",
            ])
    }

    @Test("without a build, make install lays nothing and says what to do first")
    func unbuilt() async throws {
        let folder = try Workplace()
        let failure = await #expect(throws: Trouble.self) {
            try await Installed.make("install", into: folder, program: folder.file("nothing-was-built"))
        }
        #expect(failure?.description.contains("Run 'make build' first") == true, "\(String(describing: failure))")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("systemd-analyze verify has nothing to say")
    func verified() async throws {
        let installed = try await Installed()
        // The unit starts /usr/bin/goodstanding, and verify looks whether it is there.
        let unit = try String(contentsOfFile: installed.unit, encoding: .utf8)
        let moved = unit.replacing("ExecStart=/usr", with: "ExecStart=\(installed.folder.path)/usr")
        try #require(moved != unit, "ExecStart= names another place than make install lays the program at")
        try installed.folder.write("goodstanding.service", moved)
        // Its warnings go to standard error and leave the status at 0; --man=no, for a machine without man.
        let verify = "exec systemd-analyze verify --man=no \"$1\" 2>&1"
        #expect(try await Machine.run(["sh", "-c", verify, "sh", installed.folder.file("goodstanding.service")]) == "")
    }

    @Test("systemd-analyze security rates its exposure at 1.2 or better")
    func secured() async throws {
        let installed = try await Installed()
        let report = try await Machine.run([
            "systemd-analyze", "security", "--offline=true", "--no-pager", installed.unit,
        ])
        let overall = try #require(
            report.firstMatch(of: #/Overall exposure level for goodstanding\.service: ([0-9.]+)/#), "\(report)")
        let exposure = try #require(Decimal(string: String(overall.1)))
        #expect(exposure <= Decimal(12) / 10, "\(report)")
    }
}

/// What `make install DESTDIR=…` laid down, in a folder of the test's own.
private struct Installed {
    let folder: Workplace

    /// What this machine lacks for it, in words; nil when nothing.
    static let absence = Machine.absence(of: ["make", "sh", "install", "systemd-analyze"])

    init() async throws {
        folder = try Workplace()
        try await make("install")
    }

    var unit: String { folder.file("etc/systemd/system/goodstanding.service") }

    func make(_ goal: String) async throws { try await Self.make(goal, into: folder, program: Program.path) }

    /// The Makefile installs the release build; tests have a debug build, and hand it in.
    static func make(_ goal: String, into folder: Workplace, program: String) async throws {
        try await Machine.run([
            "make", "-s", "-C", Machine.repository, goal, "DESTDIR=\(folder.path)", "PROGRAM=\(program)",
        ])
    }

    /// Every file, and every folder that holds none or is no common one, with its mode.
    func modes() throws -> [String: Int] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        var modes: [String: Int] = [:]
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
            let mode = try #require(attributes[.posixPermissions] as? Int)
            let isCommon = mode == 0o755 && names.contains { $0.hasPrefix(name + "/") } && name != "etc/goodstanding"
            if !isCommon { modes[name] = mode }
        }
        return modes
    }
}
