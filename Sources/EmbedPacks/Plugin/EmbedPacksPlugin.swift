import Foundation
import PackagePlugin

/// Writes files into the program before the target that needs them is compiled: `rules/*.yaml` for Rules,
/// `rules/maps/*.yaml` for Tables, and the dashboard's own templates and styles.
@main
struct EmbedPacksPlugin: BuildToolPlugin {
    private struct Source {
        var folder: String
        var name: String
        var endings: [String]
    }

    private static let sources = [
        "Rules": Source(folder: "rules", name: "BuiltInPacks", endings: ["yaml"]),
        "Tables": Source(folder: "rules/maps", name: "BuiltInMaps", endings: ["yaml"]),
        "Dashboard": Source(
            folder: "Sources/Dashboard/Templates", name: "BuiltInTemplates", endings: ["mustache", "css", "js"]),
    ]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let source = Self.sources[target.name] else { return [] }
        let folder = context.package.directoryURL.appending(path: source.folder)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { source.endings.contains($0.pathExtension) }
            .sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "\(source.name).swift")
        return [
            .buildCommand(
                displayName: "Embedding \(source.folder)/",
                executable: try context.tool(named: "EmbedPacks").url,
                arguments: [folder.path, output.path, source.name] + source.endings,
                // The folder itself, or a file added to it would go unnoticed until something else changes.
                inputFiles: [folder] + files,
                outputFiles: [output])
        ]
    }
}
