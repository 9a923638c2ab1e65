import Glibc
import Testing

@testable import ChantServer

@Suite("Listen failures")
struct ListenFailureTests {
    private static let address = ListenAddress(host: "127.0.0.1", port: 80)

    @Test(
        "Only an address that is taken is 69; what nobody could listen on is 78, the rest 70",
        arguments: [
            (TransportError.addressInUse(address), 69), (.unknownHost("x", reason: "no such name"), 78),
            (.refused(address, code: EACCES), 78), (.refused(address, code: EADDRNOTAVAIL), 78),
            (.refused(address, code: EMFILE), 70), (.notStarted(code: ENOMEM), 70), (.startedAlready, 70),
        ]
    )
    func code(error: TransportError, code: Int) { #expect(error.exitCode.rawValue == Int32(code)) }
}
