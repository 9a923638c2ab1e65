import ChantDomain

/// The program `chant-server`.
@main
struct ChantServerCommand {
    static func main() async {}
}
