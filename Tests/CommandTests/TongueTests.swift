import TestSupport
import Testing

@Suite("What commands report is in Chinese where the environment says so")
struct TongueTests {
    private static let chinese = ["LANG": "zh_CN.UTF-8"]

    @Test("import, pull, doctor, verify, config check and a monitoring plugin's line")
    func reports() async throws {
        try await FeedServer(lines: Sample.facts, pageSize: 100).serving { address in
            let folder = try await Sample().folder
            try folder.write(
                "goodstanding.yaml", Sample.configuration + "\nfeeds: [{id: erp, url: \"\(address)/facts\"}]\n")
            try folder.write("odd.jsonl", #"{"kind":"order","store":"shop-elm","id":"x","units":-1,"colour":1}"# + "\n")
            for (arguments, words) in [
                (["import", "odd.jsonl"], ["odd.jsonl：0 家店铺的 0 条数据", "隔离 1 条"]),
                (["pull"], ["数据源 'erp'：1 页", "条为新增或变更"]),
                (["doctor"], ["数据源 'erp' 在", "账本：", "未配置接收方"]), (["verify"], ["全部与数据一致"]),
                (["config", "check"], ["goodstanding.yaml 正确。", "数据源  erp"]),
                (["check", "--format", "nagios", "--at", "2026-06-01T00:00:00Z"], ["GOODSTANDING", "数据"]),
            ] {
                let ended = try await folder.run(arguments, environment: Self.chinese)
                for words in words { #expect(ended.everything.contains(words), "\(arguments): \(ended.everything)") }
                let english = try await folder.run(arguments)
                #expect(!english.everything.contains(#/\p{Han}/#), "\(arguments): \(english.everything)")
            }
        }
    }
}
