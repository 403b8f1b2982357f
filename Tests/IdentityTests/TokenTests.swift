import Crypto
import Domain
import Foundation
import Testing

@testable import Identity

@Suite
struct TokenTests {
    private let secret = Secret("a-deployment-secret-of-32-chars-1")
    private var signer: TokenSigner { TokenSigner(secret: secret) }

    /// What Phoenix's library writes for these ids under the same secret.
    private static let phoenixTokens: [(id: TokenID, token: String)] = [
        (
            TokenID(.apiKey, 1),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJqdGkiOiJBcGlLZXk6MSJ9.y3CvVN-gHML7I4QOYyt3ys9pwqKuZs8fX1w1xNEWUEM"
        ),
        (
            TokenID(.access, 9_007_199_254_740_993),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJqdGkiOiJBY2Nlc3NUb2tlbjo5MDA3MTk5MjU0NzQwOTkzIn0"
                + ".hIgDipCmT-QsHopI00AOMrY9pYd_PXpa_Bl3zhv_RxY"
        ),
    ]

    private func signed(header: String = #"{"alg":"HS256","typ":"JWT"}"#, payload: String) -> Secret {
        let text = "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(Array(payload.utf8)))"
        let key = SymmetricKey(data: Data(secret.revealed.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
        return Secret("\(text).\(Base64URL.encode(Array(code)))")
    }

    @Test("Tokens are byte for byte what Phoenix issues, and those of Phoenix are read", arguments: Self.phoenixTokens)
    func phoenix(id: TokenID, token: String) throws {
        #expect(signer.sign(id).revealed == token)
        #expect(try signer.verify(Secret(token)) == id)
    }

    @Test("Spaces in the JSON and a missing type do not matter")
    func spelling() throws {
        let token =
            "eyJhbGciOiAiSFMyNTYifQ.eyJqdGkiOiAiUmVmcmVzaFRva2VuOjc3In0.i4sqXARwCynLFnX61ZD13LYcBLwjnAwPJ3h_DtM5f10"
        #expect(try signer.verify(Secret(token)) == TokenID(.refresh, 77))
    }

    @Test("A token of any kind is read as what was signed", arguments: TokenID.Kind.allCases)
    func roundTrip(kind: TokenID.Kind) throws {
        let id = TokenID(kind, .max)
        #expect(try signer.verify(signer.sign(id)) == id)
    }

    @Test("A token under another secret is refused")
    func otherSecret() {
        let other = TokenSigner(secret: Secret("another-deployments-secret-of-32-chars"))
        #expect(throws: TokenSigner.Refusal.wrongSignature) { try signer.verify(other.sign(TokenID(.apiKey, 1))) }
    }

    @Test("A token with any character changed is refused")
    func tampered() {
        let token = Array(signer.sign(TokenID(.apiKey, 12)).revealed.utf8)
        for position in token.indices {
            var changed = token
            changed[position] = changed[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let text = String(decoding: changed, as: UTF8.self)
            #expect(throws: TokenSigner.Refusal.self, "position \(position)") { try signer.verify(Secret(text)) }
        }
    }

    @Test(
        "What is not three parts of canonical base64url is refused",
        arguments: [
            "", ".", "..", "a.b", "a.b.c.d", "eyJhbGciOiJIUzI1NiJ9..", "=.=.=",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJqdGkiOiJBcGlLZXk6MSJ9.y3CvVN-gHML7I4QOYyt3ys9pwqKuZs8fX1w1xNEWUEM=",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJqdGkiOiJBcGlLZXk6MSJ9.y3CvVN+gHML7I4QOYyt3ys9pwqKuZs8fX1w1xNEWUEM",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJqdGkiOiJBcGlLZXk6MSJ9.y3CvVN-gHML7I4QOYyt3ys9pwqKuZs8fX1w1xNEWUEN",
            " eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJqdGkiOiJBcGlLZXk6MSJ9.y3CvVN-gHML7I4QOYyt3ys9pwqKuZs8fX1w1xNEWUEM",
        ])
    func malformed(token: String) {
        #expect(throws: TokenSigner.Refusal.self) { try signer.verify(Secret(token)) }
    }

    @Test(
        "A rightly signed token with another header is refused",
        arguments: [
            #"{"alg":"none"}"#, #"{"alg":"HS512"}"#, #"{"alg":"hs256"}"#, #"{"alg":"HS256","typ":"JOSE"}"#,
            #"{"alg":"HS256","crit":["exp"]}"#,
        ])
    func header(header: String) {
        let token = signed(header: header, payload: #"{"jti":"ApiKey:1"}"#)
        #expect(throws: TokenSigner.Refusal.wrongHeader) { try signer.verify(token) }
    }

    @Test("The algorithm none without a signature is refused")
    func algorithmNone() {
        let header = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
        let payload = Base64URL.encode(Array(#"{"jti":"ApiKey:1"}"#.utf8))
        #expect(throws: TokenSigner.Refusal.wrongSignature) { try signer.verify(Secret("\(header).\(payload).")) }
    }

    @Test(
        "A rightly signed token with other claims is refused",
        arguments: [
            "{}", "[]", #""jti""#, #"{"jti":1}"#, #"{"jti":"ApiKey:1","exp":1}"#, #"{"jti":"ApiKey:1","sub":"x"}"#,
            #"{"jti":"ApiKey"}"#, #"{"jti":"ApiKey:"}"#, #"{"jti":"ApiKey:0"}"#, #"{"jti":"ApiKey:-1"}"#,
            #"{"jti":"ApiKey:+1"}"#, #"{"jti":"ApiKey:01"}"#, #"{"jti":"ApiKey:1:2"}"#, #"{"jti":"ApiKey: 1"}"#,
            #"{"jti":"apikey:1"}"#, #"{"jti":"ApiKey:9223372036854775808"}"#, #"{"jti":"ApiKey:١"}"#,
            #"{"random":"x","origin_url":"https://a"}"#,
        ])
    func claims(payload: String) {
        #expect(throws: TokenSigner.Refusal.wrongClaims) { try signer.verify(signed(payload: payload)) }
    }

    @Test("A text of any length is refused without much ado")
    func long() {
        let text = String(repeating: "a", count: 1_000_000)
        #expect(throws: TokenSigner.Refusal.malformed) { try signer.verify(Secret("\(text).\(text).\(text)")) }
    }

    @Test("A signed token does not show itself in a log")
    func hidden() {
        #expect("\(signer.sign(TokenID(.apiKey, 1)))" == "(secret)")
    }
}
