import ChantTesting
import Foundation
import Glibc
import Testing

@testable import ChantServer

@Suite("Service watcher: sd_notify")
struct ServiceWatcherTests {
    private static func watcher(_ name: String?) -> ServiceWatcher {
        ServiceWatcher(environment: name.map { ["NOTIFY_SOCKET": $0] } ?? [:])
    }

    @Test("each word is one datagram, to a path or to an abstract name", arguments: [false, true])
    func words(isAbstract: Bool) throws {
        let folder = try TestFolder()
        let name = isAbstract ? "@chant-test-\(UUID().uuidString)" : "\(folder.path)/notify"
        let socket = try NotifySocket(name)
        let watcher = Self.watcher(name)
        #expect(watcher.isThere)
        watcher.tell(.ready("listening on\nhttp://127.0.0.1:1"))
        watcher.tell(.alive)
        watcher.tell(.extend(.milliseconds(1500)))
        watcher.tell(.stopping("bye"))
        #expect(socket.next() == "READY=1\nSTATUS=listening on http://127.0.0.1:1")
        #expect(socket.next() == "WATCHDOG=1")
        #expect(socket.next() == "EXTEND_TIMEOUT_USEC=1500000")
        #expect(socket.next() == "STOPPING=1\nSTATUS=bye")
        #expect(socket.next() == nil)
    }

    @Test(
        "nobody is told anything without a socket, or through one that cannot be one",
        arguments: [nil, "", "@", "/", "relative", "vsock:2:1", "/" + String(repeating: "x", count: 200), "/not/there"]
    )
    func nobody(name: String?) {
        Self.watcher(name).tell(.alive)
        #expect(Self.watcher(name).isThere == (name == "/not/there"))
    }

    @Test(
        "the watchdog's time is taken where it is meant for this process",
        arguments: [
            ("3000000", nil, 3), ("3000000", "7", 3), ("3000000", "8", nil), ("0", nil, nil), ("-1", nil, nil),
            ("soon", nil, nil),
        ] as [(String, String?, Int?)]
    )
    func watchdog(time: String, process: String?, seconds: Int?) {
        var environment = ["WATCHDOG_USEC": time]
        environment["WATCHDOG_PID"] = process
        #expect(ServiceWatcher(environment: environment, pid: 7).watchdog == seconds.map { .seconds($0) })
    }

    @Test("while something takes long, its watcher hears that it goes on")
    func extending() async throws {
        let socket = try NotifySocket("@chant-test-\(UUID().uuidString)")
        let result = try await Self.watcher(socket.name).extending(every: .milliseconds(20)) {
            try await socket.message(with: "EXTEND_TIMEOUT_USEC=60000")
            try await socket.message(with: "EXTEND_TIMEOUT_USEC=60000")
            return 7
        }
        #expect(result == 7)
    }

    @Test("the built service says that it is ready once it answers, that it lives, and that it stops")
    func service() async throws {
        let project = try await DemoProject()
        let socket = try NotifySocket("\(project.folder)/notify")
        let server = try await ServerUnderTest(
            project,
            environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "300000"]
        )
        let ready = try await socket.message(with: "READY=1")
        #expect(ready.contains("STATUS=listening on http://127.0.0.1:"), "\(ready)")
        #expect(try await server.client.get("/health/ready").status == 200)
        for _ in 1...3 { try await socket.message(with: "WATCHDOG=1") }
        server.program.send(SIGTERM)
        try await socket.message(with: "STOPPING=1")
        #expect(try await server.program.waitForEnd() == .code(0))
    }
}
