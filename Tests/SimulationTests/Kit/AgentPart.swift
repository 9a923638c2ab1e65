/// What a simulated agent does, as the dice say at its start.
struct AgentPart: Sendable, Equatable {
    enum Ending: Sendable, Equatable {
        case exit(Int32)
        /// It works on until somebody or its wall limit stops it.
        case hangs
        /// Its supervisor goes without a record; the agent itself goes on for a while.
        case losesSupervisor
        /// A signal from outside ends it.
        case killed
    }

    var commits = 1
    /// Writes what other agents write differently.
    var meetsOthers = false
    var ticks = true
    /// Commits its own spec, too.
    var commitsSpec = false
    var leavesChanges = false
    var leavesUntracked = false
    /// Changes another spec's file in its worktree, and commits that.
    var touchesChant = false
    var saysRateLimited = false
    var ending = Ending.exit(0)
    /// How long each of its steps takes, in milliseconds.
    var pace = 100

    /// A part by the dice; of so many percent it is that they write what others write differently.
    static func thrown(_ dice: Dice, contention: Int) -> AgentPart {
        var part = AgentPart()
        part.pace = dice.one(of: [5, 50, 300, 1500])
        part.commits = dice.one(of: [0, 1, 1, 1, 2, 3])
        part.meetsOthers = dice.happens(contention)
        part.ticks = !dice.happens(10)
        part.commitsSpec = dice.happens(15)
        part.leavesChanges = dice.happens(6)
        part.leavesUntracked = dice.happens(8)
        part.touchesChant = dice.happens(4)
        switch dice.number(in: 0...99) {
        case 0..<12: part.ending = .exit(1)
        case 12..<18: part.ending = .hangs
        case 18..<22: part.ending = .losesSupervisor
        case 22..<25: part.ending = .killed
        case 25..<29: (part.ending, part.saysRateLimited) = (.exit(1), true)
        default: part.ending = .exit(0)
        }
        return part
    }
}
