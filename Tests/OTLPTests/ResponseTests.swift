import Foundation
import OTLP
import Testing

@Suite struct ResponseTests {
    @Test func fullSuccessSaysNothing() {
        #expect(ExportTraceResponse().protobuf == [])
        #expect(ExportTraceResponse().json == Array("{}".utf8))
    }

    @Test func partialSuccessCountsAndExplains() {
        let response = ExportTraceResponse(rejectedSpans: 300, errorMessage: "bad \"id\"")
        let expected = WireMessage {
            $0.message(1) {
                $0.number(1, 300)
                $0.text(2, "bad \"id\"")
            }
        }
        #expect(response.protobuf == expected.bytes)
        #expect(
            String(decoding: response.json, as: UTF8.self)
                == #"{"partialSuccess":{"rejectedSpans":"300","errorMessage":"bad \"id\""}}"#)
    }

    @Test func aStatusHasCodeAndMessage() {
        let status = RPCStatus(code: 3, message: "no")
        let expected = WireMessage {
            $0.number(1, 3)
            $0.text(2, "no")
        }
        #expect(status.protobuf == expected.bytes)
        #expect(String(decoding: status.json, as: UTF8.self) == #"{"code":3,"message":"no"}"#)
    }

    @Test func aStatusTellsWhenToTryAgain() throws {
        let status = RPCStatus(code: 8, message: "full", retryDelay: .milliseconds(1500))
        #expect(
            String(decoding: status.json, as: UTF8.self)
                == #"{"code":8,"message":"full","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"}]}"#
        )
        let expected = WireMessage {
            $0.number(1, 8)
            $0.text(2, "full")
            $0.message(3) { detail in
                detail.text(1, "type.googleapis.com/google.rpc.RetryInfo")
                detail.message(2) { retryInfo in
                    retryInfo.message(1) {
                        $0.number(1, 1)
                        $0.number(2, 500_000_000)
                    }
                }
            }
        }
        #expect(status.protobuf == expected.bytes)
    }
}
