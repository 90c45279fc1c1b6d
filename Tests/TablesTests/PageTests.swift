import Facts
import Language
import Tables
import TestSupport
import Testing

@Suite("The pages of back ends, as people copy them")
struct PageTests {
    private func read(_ name: String, _ text: String) throws -> (values: [String: String], summary: MappedSummary) {
        let source = try #require(BuiltInMaps.texts.first { $0.name == name + ".yaml" })
        let map = try #require(TableMapReader.read(SourceText(name: name, text: source.text)).map)
        let decoder = FactDecoder(buyerKey: BuyerKey(bytes: Array(repeating: 7, count: 32))) { _ in .unwatched }
        let contents = FileContents(
            name: "page.txt", bytes: Array(text.utf8), modified: Timestamp("2026-11-27T00:00:00Z"))
        let now = try #require(Timestamp("2026-11-27T12:00:00Z"))
        var file = try MappedFile(
            contents, map, store: "s", decoder: decoder,
            stores: MappedFile.Stores(idByName: { _ in nil }, calendar: { _ in nil }),
            now: now)
        var values: [String: String] = [:]
        while let batch = file.next() {
            #expect(batch.rejections.isEmpty, "\(batch.rejections)")
            for line in batch.facts.map(FactEncoder.line) {
                let whole = try #require(line.wholeMatch(of: /.*"name":"(.*)","at":"(.*)","value":(.*)}/), "\(line)")
                values[String(whole.1)] = "\(whole.3) at \(whole.2)"
            }
        }
        return (values, file.summary)
    }

    /// As captured on 9 September 2026.
    static let douyin =
        "体验分概览 更新时间：2026-09-09 11:00:37（今日已更新） 我的总分 82 分 商品体验 69 分 物流体验 99 分 服务体验 85 分 商品综合评分 4.6923 分 商品品质退货率 1.340 % 平均揽收时长 5.5741 小时 运单配送时效达成率 99.412 % 飞鸽人工会话平响时长 13.893 秒 售后平均审核时长 3.3061 小时 飞鸽人工会话不满意率 5.357 % 平台求助率 0.6522 % 加分项 +2 分 扣分项 0 分 虚假交易刷体验分 0 分"

    @Test("the experience score of Douyin, each figure exactly and shares as fractions")
    func experience() throws {
        let (values, summary) = try read("douyin-experience-page", Self.douyin)
        let expected = [
            "score": "82", "product_part": "69", "logistics_part": "99", "service_part": "85",
            "product_score": "4.6923",
            "pickup_hours": "5.5741", "delivery_rate": "0.99412", "reply_seconds": "13.893", "review_hours": "3.3061",
            "dissatisfaction": "0.05357", "help_rate": "0.006522", "deductions": "0",
        ]
        #expect(
            values
                == Dictionary(
                    uniqueKeysWithValues: expected.map { ("douyin.\($0.key)", "\($0.value) at 2026-09-09T03:00:37Z") }))
        #expect(summary.absent.isEmpty)
        // A line for each label, as another browser copies it.
        let lines = Self.douyin.replacing(" 分 ", with: " 分\n").replacing("：", with: ": ")
        #expect(try read("douyin-experience-page", lines).values == values)
        let without = try read("douyin-experience-page", Self.douyin.replacing("平台求助率", with: "求助"))
        #expect(without.summary.absent == ["平台求助率"] && without.values.count == expected.count - 1)
    }

    @Test("the after-sales page of Pinduoduo")
    func afterSales() throws {
        let text =
            "整体情况（统计时间：2026-08-01）纠纷退款数 4 -- 纠纷退款率 0.22 % 介入订单数 264 介入率 14.84 % 品质退款率 2.19 % 平均退款时长 15.25 小时 优于98.90%同行同层 成功退款订单数 11 成功退款金额 4,723.22 元 成功退款率 31.03 % 退货退款自主完结时长 70.73 小时 退款自主完结时长 0.73 小时"
        let (values, _) = try read("pinduoduo-after-sales-page", text)
        #expect(
            values == [
                "pinduoduo.dispute_orders": "4 at 2026-07-31T16:00:00Z",
                "pinduoduo.dispute_rate": "0.0022 at 2026-07-31T16:00:00Z",
                "pinduoduo.intervention_orders": "264 at 2026-07-31T16:00:00Z",
                "pinduoduo.intervention_rate": "0.1484 at 2026-07-31T16:00:00Z",
                "pinduoduo.quality_refund_rate": "0.0219 at 2026-07-31T16:00:00Z",
                "pinduoduo.refund_rate": "0.3103 at 2026-07-31T16:00:00Z",
                "pinduoduo.refund_hours": "15.25 at 2026-07-31T16:00:00Z",
            ])
        let page = try PageText(FileContents(name: "p", bytes: Array(text.utf8)), .utf8)
        // A label within another is not it.
        #expect(page.cell(behind: "退款自主完结时长")?.text.hasPrefix("0.73") ?? false)
        #expect(page.cell(behind: "纠纷退款")?.text == nil && page.cell(behind: "同行同层") == nil)
    }

    @Test(
        "the captured pages that stand beside the checkout",
        .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)))
    func captured() throws {
        func text(_ name: String) throws -> String { try SharedData.text("../fixtures/china/" + name) }
        let (douyin, absent) = try read("douyin-experience-page", try text("douyin/experience_page_text.txt"))
        #expect(douyin.count == 12 && douyin["douyin.score"] == "82 at 2026-09-09T03:00:37Z")
        #expect(absent.absent.isEmpty)
        let (pinduoduo, _) = try read("pinduoduo-after-sales-page", try text("pdd/after_sale_page_text.txt"))
        #expect(pinduoduo["pinduoduo.dispute_rate"] == "0.0022 at 2026-07-31T16:00:00Z")
        #expect(pinduoduo["pinduoduo.quality_refund_rate"] == "0.0219 at 2026-07-31T16:00:00Z")
        #expect(pinduoduo["pinduoduo.dispute_orders"] == "4 at 2026-07-31T16:00:00Z")
        #expect(pinduoduo["pinduoduo.refund_hours"] == "15.25 at 2026-07-31T16:00:00Z" && pinduoduo.count == 7)
        #expect(pinduoduo["pinduoduo.intervention_rate"] == "0.1484 at 2026-07-31T16:00:00Z")
    }

    @Test("a page as a browser saves it is refused: nothing says where its figures end")
    func markup() throws {
        let error = #expect(throws: TableError.self) {
            try read("jd-stars-page", "<!DOCTYPE html><html><body><b>店铺星级</b><b>4</b><i>.5</i></body></html>")
        }
        #expect(error == .noPageText("page.txt") && error?.words.zh.contains("全选、复制") ?? false)
    }

    @Test("a page without its own date is read at the moment at which it was saved; two dashes are no value")
    func saved() throws {
        let (values, summary) = try read("jd-stars-page", "店铺星级 4.5 星\n咚咚平均响应时长 18.2 秒\n当日揽收率 -- \n平台介入率 0.31%\n")
        #expect(
            values == [
                "jd.stars": "4.5 at 2026-11-27T00:00:00Z", "jd.reply_seconds": "18.2 at 2026-11-27T00:00:00Z",
                "jd.intervention_rate": "0.0031 at 2026-11-27T00:00:00Z",
            ])
        #expect(summary.absent.contains("售后评价得分") && !summary.absent.contains("当日揽收率"))
    }

    @Test("what is another page altogether is refused")
    func another() {
        #expect(throws: TableError.self) { try read("jd-stars-page", "登录\n用户名\n") }
    }
}
