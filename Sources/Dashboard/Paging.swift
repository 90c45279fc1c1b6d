/// Long lists, a page at a time.
enum Paging {
    /// The rows of the page that is asked for, and how to get to the others; false where there is one page only.
    static func slice<Row>(_ rows: [Row], _ request: PageRequest, size: Int) -> (rows: ArraySlice<Row>, pages: Any) {
        let all = max(1, (rows.count + size - 1) / size)
        let number = min(request.number("page") ?? 1, all)
        let first = (number - 1) * size
        let slice = rows[first..<min(first + size, rows.count)]
        guard all > 1 else { return (slice, false) }
        let pages: View = [
            "number": number, "all": all,
            "before": number > 1 ? request.link(["page": String(number - 1)]) : false,
            "after": number < all ? request.link(["page": String(number + 1)]) : false,
        ]
        return (slice, pages)
    }
}
