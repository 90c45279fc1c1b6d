import Testing

@testable import Pull

@Suite("Where a pull is comes back from its text as it was")
struct PlatformPlaceTests {
    @Test("whatever its ids and cursors hold", arguments: ["12345", "a b", "50%", "%41", "一", "x\ny", "+&=/", "%"])
    func wholeText(_ id: String) {
        var place = PlatformPlace(stream: 3)
        (place.value, place.window, place.detail, place.isLastPage) = (1, 2, 1, true)
        (place.page, place.held, place.detailPage) = (id, "abc", id)
        place.items = [
            PlatformPlace.Item(asked: id, known: id), PlatformPlace.Item(asked: "7", known: id),
            PlatformPlace.Item(asked: id, known: "7"),
        ]
        #expect(PlatformPlace(text: place.text) == place)
    }
}
