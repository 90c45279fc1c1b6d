import Foundation
import PackagePlugin

/// Writes `rules/*.yaml` into the program before Rules is compiled, and `rules/maps/*.yaml` before Tables is.
@main
struct EmbedPacksPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let isOfMaps = target.name == "Tables"
        let folder = context.package.directoryURL.appending(path: isOfMaps ? "rules/maps" : "rules")
        let name = isOfMaps ? "BuiltInMaps" : "BuiltInPacks"
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" }
            .sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "\(name).swift")
        return [
            .buildCommand(
                displayName: "Embedding \(isOfMaps ? "the maps of rules/maps/" : "the packs of rules/")",
                executable: try context.tool(named: "EmbedPacks").url,
                arguments: [folder.path, output.path, name],
                // The folder itself, or a file added to it would go unnoticed until something else changes.
                inputFiles: [folder] + files,
                outputFiles: [output])
        ]
    }
}
