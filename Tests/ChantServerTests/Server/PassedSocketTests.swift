import ChantTesting
import Foundation
import Glibc
import Testing

@testable import ChantServer

@Suite("Socket activation")
struct PassedSocketTests {
    /// A socket that a service manager would pass.
    private final class Listener: Sendable {
        let descriptor: Int32
        let port: Int

        init(_ host: String = "127.0.0.1", listens: Bool = true) throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            inet_pton(AF_INET, host, &address.sin_addr)
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let (descriptor, wanted) = (descriptor, size)
            try withUnsafeMutablePointer(to: &address) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                    try #require(bind(descriptor, name, wanted) == 0)
                    if listens { try #require(listen(descriptor, 16) == 0) }
                    try #require(getsockname(descriptor, name, &size) == 0)
                }
            }
            port = Int(UInt16(bigEndian: address.sin_port))
        }

        deinit { close(descriptor) }
    }

    private func take(_ socket: Listener, count: String = "1", pid: String = "7") throws -> PassedSocket? {
        try PassedSocket.take(["LISTEN_FDS": count, "LISTEN_PID": pid], pid: 7, first: socket.descriptor)
    }

    @Test("a listening loopback socket is taken with its address, and programs that are started do not get it")
    func taken() throws {
        let socket = try Listener()
        _ = fcntl(socket.descriptor, F_SETFD, 0)
        let passed = try #require(try take(socket))
        #expect(passed.descriptor == socket.descriptor)
        #expect(passed.address == ListenAddress(host: "127.0.0.1", port: UInt16(socket.port)))
        #expect(fcntl(socket.descriptor, F_GETFD) == FD_CLOEXEC)
        #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
    }

    @Test("nothing is taken where nothing was passed, or to another process")
    func nothing() throws {
        let socket = try Listener()
        #expect(try take(socket, count: "0") == nil)
        #expect(try take(socket, pid: "8") == nil)
        #expect(try PassedSocket.take([:]) == nil)
        #expect(try PassedSocket.take(["LISTEN_FDS": "1"], pid: 7) == nil)
    }

    @Test("what the service would not have opened itself is refused with 78")
    func refused() throws {
        let cases: [(Listener, String, String)] = [
            (try Listener("0.0.0.0"), "1", "loopback"), (try Listener(listens: false), "1", "ListenStream"),
            (try Listener(), "2", "2 sockets"), (try Listener(), "many", "many"), (try Listener(), "-1", "-1"),
        ]
        for (socket, count, words) in cases {
            #expect {
                _ = try take(socket, count: count)
            } throws: { error in
                guard let failure = error as? StartFailure else { return false }
                return failure.code == .configuration && failure.sentence.contains(words)
            }
        }
    }

    @Test("the built service answers on the passed socket, and what arrives while it is replaced waits for the next")
    func service() async throws {
        let project = try await DemoProject()
        let socket = try Listener()
        let client = HTTPClient(port: socket.port)
        let first = try start(project, socket, "1")
        #expect(try await project.port(of: "1") == socket.port)
        #expect(try await client.get("/health/ready").status == 200)
        first.send(SIGTERM)
        #expect(try await first.waitForEnd() == .code(0))
        // Nobody serves, but somebody still listens.
        async let answer = client.get("/health/live")
        let second = try start(project, socket, "2")
        #expect(try await answer.status == 200)
        #expect(try await project.port(of: "2") == socket.port)
        second.send(SIGTERM)
        #expect(try await second.waitForEnd() == .code(0))
    }

    /// Starts the service as a service manager does: the shell becomes the service, with the same process id.
    private func start(_ project: DemoProject, _ socket: Listener, _ number: String) throws -> ChildProgram {
        let flags = [
            "--listen", "127.0.0.1:1", "--state-dir", project.state, "--port-file", "\(project.folder)/port-\(number)",
        ]
        return try ChildProgram(
            "sh",
            ["-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\"", try BuiltProducts.chantServer()] + flags,
            environment: project.environment,
            folder: project.checkout,
            output: "\(project.folder)/out-\(number)",
            error: "\(project.folder)/err-\(number)",
            passing: socket.descriptor
        )
    }
}
