import Foundation
import TestSupport
import Testing

@testable import Pull

@Suite("Signatures are those of the platforms' own vectors")
struct SignatureTests {
    @Test("Pinduoduo: the vector of its call guide, and one by its text")
    func pinduoduo() {
        #expect(
            Signatures.wrappedMD5(
                [
                    "access_token": "asd78172s8ds9a921j9qqwda12312w1w21211", "client_id": "1", "data_type": "XML",
                    "order_status": "1", "page": "1", "page_size": "10", "timestamp": "1480411125",
                    "type": "pdd.order.number.list.get",
                ], secret: "testSecret") == "E4DE3ED21002510DED352819E7AE6775")
        #expect(
            Signatures.wrappedMD5(
                [
                    "access_token": "demo_token", "after_sales_status": "10", "after_sales_type": "1",
                    "client_id": "demo_client", "data_type": "JSON", "end_updated_at": "1700000000", "page": "1",
                    "page_size": "100", "start_updated_at": "1699998200", "timestamp": "1700000000",
                    "type": "pdd.refund.list.increment.get",
                ], secret: "demo_secret") == "FE68815083093A79EDBD92BF000508DD")
    }

    @Test("Taobao: the vector of its documents, and one in each of the three ways")
    func taobao() {
        #expect(
            Signatures.taobao(
                [
                    "app_key": "12345678", "fields": "num_iid,title,nick,price,num", "format": "json",
                    "method": "taobao.item.seller.get", "num_iid": "11223344", "session": "test", "sign_method": "md5",
                    "timestamp": "2016-01-01 12:00:00", "v": "2.0",
                ], secret: "helloworld", .md5) == "66987CB115214E59E6EC978214934FB8")
        let expected: [(Signatures.TaobaoMethod, String)] = [
            (.md5, "322F1758661860C5CF5CC7326509A177"), (.hmac, "3BBA088D9BBA152C9CBE81F1030B62DD"),
            (.hmacSHA256, "F6199D9A1AB9BE6AEC5FD210BF3378937561629DD6904236199465EE8070FA64"),
        ]
        for (method, sign) in expected {
            var parameters = [
                "app_key": "12345678", "end_modified": "2024-01-15 00:00:00",
                "fields": "refund_id,tid,oid,status,created,modified,refund_fee,reason,dispute_type", "format": "json",
                "method": "taobao.refunds.receive.get", "page_no": "1", "page_size": "100", "session": "demo_session",
                "start_modified": "2024-01-14 00:00:00", "status": "SUCCESS", "timestamp": "2024-01-15 08:00:00",
                "use_has_next": "true", "v": "2.0", "sign_method": method.rawValue,
            ]
            #expect(Signatures.taobao(parameters, secret: "demo_secret", method) == sign)
            // What is empty is neither sent nor signed.
            parameters["type"] = ""
            #expect(Signatures.taobao(parameters, secret: "demo_secret", method) == sign)
        }
    }

    @Test("JD: the vector of its guide, and one by its text")
    func jd() {
        #expect(
            Signatures.wrappedMD5(
                [
                    "360buy_param_json":
                        #"{"end_date":null,"optional_fields":null,"order_state":"WAIT_SELLER_STOCK_OUT","page":"1","page_size":"200","start_date":null}"#,
                    "access_token": "yourtoken", "app_key": "yourappkey", "method": "jingdong.pop.order.search",
                    "timestamp": "2021-05-07 09:20:39.683+0800", "v": "2.0",
                ], secret: "yourappSecret") == "D70825340F4084360B9362B60DFD7930")
        #expect(
            Signatures.wrappedMD5(
                [
                    "360buy_param_json":
                        #"{"dateType":1,"end_date":"2024-01-15 00:00:00","optional_fields":"orderId,orderState,modified","order_state":"FINISHED_L","page":"1","page_size":"100","start_date":"2024-01-14 00:00:00"}"#,
                    "access_token": "demo_token", "app_key": "demo_app", "method": "jingdong.pop.order.search",
                    "timestamp": "2024-01-15 08:00:00.000+0800", "v": "2.0",
                ], secret: "demo_secret") == "87399351F4F920F28DBE7CB9EB2C4A3F")
    }

    @Test("Douyin, Kuaishou, Xiaohongshu")
    func others() {
        #expect(
            Signatures.douyin(
                appKey: "appkey123", method: "order.searchList", body: #"{"page":0,"size":100}"#,
                timestamp: "1800000000", secret: "secret123")
                == "8a5350b8fdacaa753c0885ab9859d382a31de4add09c6943c1d34298bd2165f1")
        #expect(
            Signatures.douyin(
                appKey: "7000000000000000001", method: "afterSale.List",
                body:
                    #"{"order_by":["update_time asc"],"page":0,"size":100,"update_end_time":1700000000,"update_start_time":1699996400}"#,
                timestamp: "1700000000", secret: "demo_secret")
                == "17161429498e8b190a0009b641f3738fcae0598ba551bc43d6986840fe52b7f4")
        let kuaishou = [
            "access_token": "demo_token", "appkey": "ks_demo", "method": "open.seller.order.refund.pcursor.list",
            "param":
                #"{"beginTime":1700000000000,"currentPage":1,"endTime":1700086400000,"pageSize":100,"pcursor":"","queryType":2,"type":9}"#,
            "timestamp": "1700090000000", "version": "1",
        ]
        #expect(
            Signatures.kuaishou(
                kuaishou.merging(["signMethod": "MD5"]) { $1 }, signSecret: "demo_sign_secret", .md5)
                == "fed918d5012d1bc4076d64484fcfc36c")
        #expect(
            Signatures.kuaishou(
                kuaishou.merging(["signMethod": "HMAC_SHA256"]) { $1 }, signSecret: "demo_sign_secret", .hmacSHA256)
                == "Ys9JK2fYnNRvpbUgHvi7IM0UvLzx1GLW2SK0hPrrhKI=")
        #expect(
            Signatures.xiaohongshu(
                method: "order.getOrderList", appID: "demo_app", timestamp: "1700000000", secret: "demo_secret")
                == "c892bedc09bfcff7e63618a9f9ec816d")
    }

    /// We ask Douyin for `hmac-sha256`; the reference's vector has the MD5 of the same text too, which holds the text alone.
    @Test("Douyin: the text that is signed, by the MD5 of a public vector")
    func douyinText() {
        let text =
            #"secret123app_keyappkey123methodorder.searchListparam_json{"page":0,"size":100}timestamp1800000000v2secret123"#
        #expect(Digests.lowerHex(Digests.md5(text)) == "a84d3597bbb7aaeb0540d1022623165c")
        // What is sent is made of the very same text.
        #expect(
            Digests.lowerHex(Digests.hmacSHA256(text, key: "secret123"))
                == Signatures.douyin(
                    appKey: "appkey123", method: "order.searchList", body: #"{"page":0,"size":100}"#,
                    timestamp: "1800000000", secret: "secret123"))
    }

    /// The dummy vectors of `signing-vectors.json`, read from where they are kept.
    @Test("the international vectors", .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)))
    func international() throws {
        struct Vectors: Decodable {
            struct Vector: Decodable { let name: String, expected: String }
            let vectors: [Vector]
        }
        let data = Data(try SharedData.text("../fixtures/international/signing-vectors.json").utf8)
        let expected = Dictionary(
            uniqueKeysWithValues: try JSONDecoder().decode(Vectors.self, from: data).vectors.map {
                ($0.name, $0.expected)
            })
        let made = [
            "tiktokshop-get": Signatures.tiktokShop(path: "/test-api", ["foo": "bar"], body: "", secret: "app_secret"),
            "tiktokshop-post-body": Signatures.tiktokShop(
                path: "/order/202309/orders/search",
                [
                    "app_key": "dummyapp", "page_size": "50", "shop_cipher": "CIPHER", "timestamp": "1700000000",
                    "access_token": "not signed",
                ], body: #"{"create_time_ge":1700000000}"#, secret: "dummysecret"),
            "shopee-shop-call": Signatures.shopee(
                partner: "1000001", path: "/api/v2/order/get_order_list", timestamp: "1700000000", token: "dummytoken",
                shop: "2000002", key: "dummykey"),
            "shopee-public-call": Signatures.shopee(
                partner: "1000001", path: "/api/v2/auth/access_token/get", timestamp: "1700000000", key: "dummykey"),
            "lazada-get": Signatures.lazada(
                path: "/orders/get",
                [
                    "access_token": "dummytoken", "app_key": "123456", "created_after": "2024-01-01T00:00:00+08:00",
                    "limit": "100", "sign_method": "sha256", "timestamp": "1700000000000",
                ], secret: "dummysecret"),
            "woocommerce-oauth1-http": Signatures.oauth1(
                method: "GET", url: "http://shop.example/wp-json/wc/v3/orders",
                [
                    "after": "2024-01-01T00:00:00", "oauth_consumer_key": "ck_dummy", "oauth_nonce": "abc123",
                    "oauth_signature_method": "HMAC-SHA256", "oauth_timestamp": "1700000000", "per_page": "100",
                ], consumerSecret: "cs_dummy"),
            // Its parts stand in the order of no real call: the digest alone.
            "shopee-hmac-primitive": Digests.lowerHex(
                Digests.hmacSHA256(
                    "/api/v2/auth/token/get123456test_partner_idtest_shop_idtest_main_account_id",
                    key: "test_partner_key")),
        ]
        for (name, sign) in made { #expect(sign == expected[name], "\(name)") }
        // Of this one there is nothing here: nobody's webhook is taken.
        #expect(Set(expected.keys).subtracting(made.keys) == ["tiktokshop-webhook"])
    }
}
