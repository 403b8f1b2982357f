import Testing

@testable import Messaging

@Suite
struct MailboxTests {
    @Test("Publications beyond the number limit drop the oldest and are counted")
    func boundsCount() {
        var limits = BusLimits()
        limits.outboundMessagesMax = 80
        let mailbox = Mailbox(limits: limits)
        for number in 0..<200 { mailbox.publish([UInt8(number)]) }
        let contents = mailbox.take()
        #expect(contents.publications.count <= 80)
        #expect(contents.publications.last == [199])
        #expect(contents.publications.count + contents.publicationsDropped == 200)
        #expect(mailbox.take().publications.isEmpty)
    }

    @Test("Publications beyond the byte limit drop the oldest, but never the newest")
    func boundsBytes() {
        var limits = BusLimits()
        limits.outboundBytesMax = 1_000
        let mailbox = Mailbox(limits: limits)
        mailbox.publish([UInt8](repeating: 1, count: 600))
        mailbox.publish([UInt8](repeating: 2, count: 600))
        #expect(mailbox.take().publications.map(\.first) == [2])
        mailbox.publish([UInt8](repeating: 3, count: 5_000))
        #expect(mailbox.take().publications.map(\.first) == [3])
    }

    @Test("A closed mailbox takes nothing")
    func closes() {
        let mailbox = Mailbox(limits: BusLimits())
        mailbox.publish([1])
        #expect(mailbox.close().publications == [[1]])
        mailbox.publish([2])
        #expect(!mailbox.post(.stop))
        #expect(mailbox.take().isEmpty)
    }
}
