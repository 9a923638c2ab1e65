import ChantTesting
import Foundation

/// Dice that fall alike for the same seed.
struct StormDice: RandomNumberGenerator {
    let seed: Int
    private var numbers: SplitMix64

    init(seed: Int) {
        self.seed = seed
        numbers = SplitMix64(seed: UInt64(bitPattern: Int64(seed)))
    }

    /// The dice that `CHANT_STORM_SEED` asks for; else such as have not fallen yet.
    static func ofEnvironment() -> StormDice {
        StormDice(seed: StormPlan.environment("CHANT_STORM_SEED") ?? Int.random(in: 1...999_999))
    }

    mutating func next() -> UInt64 { numbers.next() }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}

/// The specs of a storm, what each one's agent does, and the one agent that does it.
struct StormPlan {
    /// What the agent of a spec does, whatever attempt it is.
    enum Conduct: String, CaseIterable {
        case diligent
        case fails
        case lazy
        case sloppy
        case hangs
        case limited
        case breaks
        case conflicts

        /// The endings that the outcome table allows it, beside those of cancelled and interrupted runs.
        var endings: Set<String> {
            switch self {
            case .diligent: ["completed "]
            case .fails, .breaks: ["failed agent-exit"]
            case .lazy: ["failed no-commits"]
            case .sloppy: ["needs_attention open-criteria", "completed "]
            case .hangs: ["failed wall-limit"]
            case .limited: ["completed ", "failed rate-limited"]
            case .conflicts: ["completed ", "needs_attention merge-conflict"]
            }
        }
    }

    struct Entry {
        let id: String
        let conduct: Conduct
        let pause: Int
        var dependsOn: [String]?
        var label: String?
    }

    private(set) var specs: [Entry] = []
    /// The specs of the chain.
    private(set) var chain: [String] = []

    static let limits = ["limits: { wall: 4s, stop_grace: 1s }"]
    static let flags = ["--workers", "4"]
    static let configuration = [
        "parallel:", "  stagger_delay_ms: 20", "  stagger_jitter_ms: 10", "  agents:",
        "    - { name: main, max_concurrent: 4 }",
        "watch:", "  failure: { max_retries: 3, retry_delay_ms: 300, backoff_multiplier: 1.5 }",
    ]

    static func environment(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

    init(count: Int, _ dice: inout StormDice) {
        // Each spec depends on up to two earlier ones; every sixth is a driver's member instead.
        for number in 1...count {
            let conduct = number <= Conduct.allCases.count ? Conduct.allCases[number - 1] : Self.roll(&dice)
            var entry = Entry(id: Self.name(number), conduct: conduct, pause: dice.number(5...80))
            if number % 6 == 0 {
                entry = Entry(id: "\(Self.driver).\(number / 6)", conduct: .diligent, pause: entry.pause)
            } else if number % 6 == 1 {
                entry.label = "lone"
            } else if number > 4, dice.number(0...2) > 0 {
                let earlier = specs.filter { $0.conduct == .diligent || $0.conduct == .conflicts }
                entry.dependsOn = (0...dice.number(0...1)).compactMap { _ in earlier.randomElement(using: &dice)?.id }
            }
            specs.append(entry)
        }
        chain = specs.filter { $0.label == nil && !$0.id.contains(".") && $0.dependsOn == nil }.prefix(count / 4)
            .map(\.id)
    }

    private static func roll(_ dice: inout StormDice) -> Conduct {
        dice.number(0...9) < 4 ? .diligent : Conduct.allCases[dice.number(1...Conduct.allCases.count - 1)]
    }

    static let driver = "2026-01-04-001-drv"

    private static func name(_ number: Int) -> String {
        "2026-01-05-\(String("00\(number)".suffix(3)))-abc"
    }

    /// The specs' files; the driver is one more.
    var demoSpecs: [DemoSpec] {
        var driver = DemoSpec(Self.driver, header: ["labels: [drivers]"])
        driver.criteria = []
        return [driver]
            + specs.map { entry in
                var labels = ["\(entry.conduct.rawValue)"]
                if let label = entry.label { labels.append(label) }
                let header = ["labels: [\(labels.joined(separator: ", "))]", "target_files: [pause-\(entry.pause)]"]
                return DemoSpec(entry.id, dependsOn: entry.dependsOn, header: header)
            }
    }

    /// Reads its conduct from the spec's file; notes each of its commits outside the repository.
    static let agent = ScriptedAgent([
        .say("working"),
        .shell("is() { grep -q \"^labels: .*$1\" \"$CHANT_SPEC_FILE\"; }"),
        .shell("hundredths=$(sed -n 's/^target_files: .*pause-\\([0-9]*\\).*/\\1/p' \"$CHANT_SPEC_FILE\")"),
        .shell("sleep $(printf '0.%02d' \"$hundredths\")"),
        .shell(
            "keep() { git add -A; git commit -q -m \"$1\"; git rev-parse HEAD >> \"$folder/made.$CHANT_SPEC_ID\"; }"
        ),
        .shell("is hangs && sleep 600"),
        .shell("is fails && exit 3"),
        .shell("is lazy && exit 0"),
        .shell("once=\"$folder/limited.$CHANT_SPEC_ID\""),
        .shell("if is limited && ! [ -e \"$once\" ]; then touch \"$once\"; echo 'rate limit reached'; exit 1; fi"),
        .shell("if is conflicts; then echo \"$CHANT_SPEC_ID\" > README.md; fi"),
        .shell("echo \"by $CHANT_RUN_ID\" >> \"work-$CHANT_SPEC_ID.txt\""),
        .shell("keep 'first half'"),
        .shell("is breaks && exit 4"),
        .shell("is sloppy || sed -i 's/- \\[ \\]/- [x]/' \"$CHANT_SPEC_FILE\""),
        .shell("echo more >> \"work-$CHANT_SPEC_ID.txt\""),
        .shell("keep 'second half'"),
        .say("done"),
    ])
}
