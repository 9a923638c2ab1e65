import ChantTesting
import Foundation
import Testing

/// The built `chant-server`, run to its end.
struct ProgramRun: CustomStringConvertible {
    let exit: ChildProgram.Exit
    let output: String
    let error: String

    var description: String { "\(exit)\n\(output)\n\(error)" }

    /// Runs the program with the project's environment.
    ///
    /// - Parameters:
    ///   - arguments: what follows the program's name.
    ///   - project: whose environment it gets.
    ///   - folder: where it is started; `nil`: in the checkout.
    ///   - environment: further variables.
    /// - Throws: that it was not built, or did not end.
    init(
        _ arguments: [String],
        _ project: DemoProject,
        in folder: String? = nil,
        environment: [String: String] = [:]
    ) async throws {
        (exit, output, error) = try await project.run(
            "env",
            ["-C", folder ?? project.checkout, try BuiltProducts.chantServer()] + arguments,
            environment: environment
        )
    }
}

extension DemoProject {
    /// Puts a program before all others on the PATH.
    ///
    /// - Returns: the variable to start with.
    func shadow(_ program: String, by line: String) async throws -> [String: String] {
        try write("#!/bin/sh\n\(line)\n", to: "../home/\(program)")
        _ = try await run("chmod", ["755", "\(folder)/home/\(program)"])
        return ["PATH": "\(folder)/home:\(environment["PATH"] ?? "")"]
    }

    /// Waits until a service that was launched with `number` has written its port.
    func port(of number: String) async throws -> Int {
        let file = "\(folder)/port-\(number)"
        try await eventually("the port file", within: .seconds(60)) { exists(file) }
        return try #require(Int(try text(atPath: file).filter(\.isNumber)))
    }
}
