/// The rules of the made-up marketplace: a user's own pack, whose limits count as confirmed.
enum DemoPack {
    static let text = """
        pack: demo
        title: {en: Made-up marketplace, zh: 模拟市场}
        timezone: Asia/Shanghai
        currency: CNY
        kinds:
          dispute: refund where disputed and not excluded and status == refunded
        metrics:
          paid_orders: count(order by paid_at over 30d)
          dispute_orders: count(order by min(refunded_at of dispute) over 30d)
          dispute_rate: dispute_orders / paid_orders
          late_handover_rate: mean(shipped_at > ship_by of order where ship_by is not missing by shipped_at over 30d)
          seller_cancel_rate: mean(canceled_by == seller of order by paid_at over 30d)
          description_score: mean(description of rating by rated_at over 90d)
          ratings: count(rating by rated_at over 90d)
        titles:
          paid_orders: {en: paid orders, zh: 支付订单}
          dispute_orders: {en: disputed orders, zh: 纠纷退款订单}
          dispute_rate: {en: dispute rate, zh: 纠纷退款率}
          late_handover_rate: {en: late handover rate, zh: 延迟发货率}
          seller_cancel_rate: {en: seller cancellation rate, zh: 商家取消率}
          description_score: {en: description score, zh: 描述相符得分}
          ratings: {en: ratings, zh: 评价}
        rules:
          dispute-refunds:
            title: {en: Dispute refunds in 30 days, zh: 近30天纠纷退款}
            require: dispute_orders < 5 or dispute_rate < 2%
            prefer: dispute_orders < 3 or dispute_rate < 1.2%
            given: paid_orders >= 20
            keep: 0d
            severity: critical
            consequence: {en: The store loses campaigns and traffic., zh: 店铺将失去活动资格和流量。}
            remedy: {en: Settle open cases before the platform steps in; appeal what is not yours., zh: 在平台介入前协商解决售后；对非商家责任的纠纷发起申诉。}
          late-handover:
            title: {en: Late handover in 30 days, zh: 近30天延迟发货率}
            require: late_handover_rate < 6%
            prefer: late_handover_rate < 4%
            given: paid_orders >= 20
            severity: major
          seller-cancellations:
            title: {en: Orders the seller canceled in 30 days, zh: 近30天商家取消率}
            require: seller_cancel_rate < 2.5%
            given: paid_orders >= 100
            severity: major
          description:
            title: {en: Matching the description in 90 days, zh: 近90天描述相符}
            require: description_score >= 4.6
            given: ratings >= 30
            severity: major
        gates:
          campaign: {title: {en: Campaign entry, zh: 活动报名}, rules: [dispute-refunds, description]}

        """
}
