import GraphQL
import Testing

@Suite("Validation as the reference does it")
struct ValidationReferenceTests {
    @Test("A document has the errors, in the order and at the places, that the reference finds")
    func errors() throws {
        let schema = try Schema(sdl: ReferenceCase.library())
        var compared = 0
        for item in try ReferenceCase.all() {
            guard let expected = item.errors else { continue }
            let found = validate(try Document(parsing: item.text), schema: schema).map(ReferenceCase.Reported.init)
            #expect(found == expected, "\(item.text)")
            compared += 1
        }
        #expect(compared > 300)
    }
}
