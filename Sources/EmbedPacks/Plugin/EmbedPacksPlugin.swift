import Foundation
import PackagePlugin

/// Writes `rules/*.yaml` into the program before Rules is compiled.
@main
struct EmbedPacksPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "rules")
        let packs = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" }
            .sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "BuiltInPacks.swift")
        return [
            .buildCommand(
                displayName: "Embedding the packs of rules/",
                executable: try context.tool(named: "EmbedPacks").url,
                arguments: [folder.path, output.path],
                // The folder itself, or a pack added to it would go unnoticed until something else changes.
                inputFiles: [folder] + packs,
                outputFiles: [output])
        ]
    }
}
