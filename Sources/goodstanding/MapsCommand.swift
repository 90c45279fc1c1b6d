import ArgumentParser
import Daemon
import Facts
import Language

struct MapsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maps", abstract: "How exports and pages of back ends become facts.",
        discussion: """
            What `goodstanding import --map` reads files by: those that come with the program by their names, and your own.

              goodstanding maps list
              goodstanding maps show amazon-returns > mine.yaml
              goodstanding maps check mine.yaml
            """,
        subcommands: [List.self, Show.self, Check.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The maps that come with the program.",
            discussion: """
                  goodstanding maps list
                """)

        func run() throws {
            let tongue = Tongue.current
            var table = TextTable([
                (tongue("MAP", "映射"), .left), (tongue("WHAT", "内容"), .left), (tongue("GIVES", "数据"), .left),
                (tongue("SOURCE", "来源"), .left),
            ])
            for map in try MapsTask.list() {
                let kinds = map.kinds.kinds.map(\.name).joined(separator: ", ")
                table.add([.init(map.name), .init(tongue(map.title)), .init(kinds), .init(map.source ?? "–", .dim)])
            }
            Terminal.write(table.text)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "A map as it is written, to begin one of your own with.",
            discussion: """
                  goodstanding maps show amazon-returns > mine.yaml
                """)

        @Argument(help: "The name of a built-in map, or a file.") var map: String

        func run() throws { Terminal.write(try MapsTask.text(map).text) }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "All that is wrong with maps, with line and caret.",
            discussion: """
                Where the map names its `pack:`, readings that nothing of it reads and labels that it does not let in are
                warnings.

                  goodstanding maps check mine.yaml
                """)

        @Argument(
            help: "Files, or names of built-in maps; without, all of these.", completion: .file(extensions: ["yaml"]))
        var maps: [String] = []

        @Flag(name: .customLong("deny-warnings"), help: "A warning ends with 1 as well.") var denyWarnings = false

        func run() throws {
            let checked = try MapsTask.check(maps)
            for text in checked.diagnostics { Terminal.note(text) }
            Terminal.write(
                "\(counted(checked.maps, "map")), \(counted(checked.errors, "error")), "
                    + "\(counted(checked.warnings, "warning"))\n")
            if checked.errors > 0 || (denyWarnings && checked.warnings > 0) { throw ExitCode.failed }
        }
    }
}
