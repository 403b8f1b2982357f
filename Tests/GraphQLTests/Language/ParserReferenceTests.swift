import GraphQL
import Testing

@Suite("Parsing and printing as the reference does")
struct ParserReferenceTests {
    @Test("A document parses, or fails with the message and at the place, as in the reference")
    func syntaxErrors() throws {
        for item in try ReferenceCase.all() {
            var reported: ReferenceCase.Reported?
            do throws(GraphQLError) {
                _ = try Document(parsing: item.text)
            } catch {
                reported = .init(error)
            }
            #expect(reported == item.syntax, "\(item.text)")
        }
    }

    @Test("A parsed document prints as in the reference, and what is printed parses to the same")
    func printing() throws {
        for item in try ReferenceCase.all() {
            guard let printed = item.printed else { continue }
            let document = try Document(parsing: item.text)
            #expect(document.description == printed, "\(item.text)")
            #expect(try Document(parsing: printed).description == printed, "\(item.text)")
        }
    }
}
