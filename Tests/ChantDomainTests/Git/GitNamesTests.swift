import Testing

@testable import ChantDomain

@Suite("Names and words of git")
struct GitNamesTests {
    @Test(
        "R25: names that git refuses, or that a command line could misread, cannot exist",
        arguments: [
            "", "-x", "--upload-pack=x", ".x", "a/.b", "a..b", "a.lock", "a.lock/b", "a/b.lock", "a b", "a~b", "a^b",
            "a:b", "a?",
            "a*", "a[b", "a\\b", "@", "HEAD", "a@{b", "/a", "a/", "a//b", "a.", "a\u{7F}", "a\nb", "a\0b", "a\tb",
            String(repeating: "x", count: 241), "a/\u{0301}/..", ".\u{0301}a",
        ]
    )
    func refused(name: String) {
        #expect(BranchName(name) == nil)
    }

    @Test(
        "names that git accepts are taken",
        arguments: ["main", "chant/2026-01-02-003-abc.1", "a=b", "a-b", "ä/ü", "x@y", "a'b", "a\"b$(c)", "locked"]
    )
    func accepted(name: String) {
        #expect(BranchName(name)?.ref == "refs/heads/\(name)")
    }

    @Test("object ids are 40 or 64 lower-case digits")
    func objectIDs() {
        #expect(ObjectID(String(repeating: "a", count: 40)) != nil)
        #expect(ObjectID(String(repeating: "0", count: 64)) != nil)
        for text in [
            "", "main", String(repeating: "A", count: 40), String(repeating: "a", count: 41),
            "--\(String(repeating: "a", count: 38))",
        ] {
            #expect(ObjectID(text) == nil)
        }
    }

    @Test(
        "R20: what may work in a moment is told from what will not (rule 16)",
        arguments: [
            ("fatal: failed to read .git/worktrees/x/commondir: Success", GitFailure.Kind.transient),
            ("fatal: failed to read .git/worktrees/x/commondir: No such file or directory", .transient),
            ("error: could not lock config file .git/config: File exists", .transient),
            ("fatal: Unable to create '/r/.git/index.lock': File exists.\n\nAnother git process", .transient),
            ("fatal: update_ref failed for ref 'HEAD': cannot lock ref 'HEAD': is at a but expected b", .transient),
            ("fatal: bad object worktrees/x/HEAD", .transient),
            ("fatal: could not open '/r/.git/worktrees/x/locked' for writing: No such file or directory", .transient),
            ("fatal: a branch named 'chant/x' already exists", .other),
            ("fatal: '/w/x' already exists", .other),
            ("fatal: Unable to create '/r/.git/index.lock': Permission denied", .other),
            ("fatal: bad revision 'nowhere'", .missing), ("fatal: Needed a single revision", .missing), ("", .other),
        ]
    )
    func kinds(stderr: String, kind: GitFailure.Kind) {
        let failure = GitFailure(arguments: ["worktree"], exit: .code(128), stderr: stderr)
        #expect(failure.kind == kind)
        #expect(GitError.failed(failure).isTransient == (kind == .transient))
        #expect(stderr.isEmpty || GitError.failed(failure).sentence.contains(stderr))
    }

    @Test(
        "R60: git older than 2.38 is not enough",
        arguments: [
            ("2.37.9", false), ("2.38.0", true), ("2.39.5", true), ("3.0", true), ("1.99", false),
            ("2.50.1.windows.1", true), ("x", false),
        ]
    )
    func versions(text: String, isEnough: Bool) {
        #expect(GitVersion(text: text).isEnough == isEnough)
    }

    @Test("R52: porcelain status is read with renames and odd names")
    func status() throws {
        let output = " M a b\0R  new\nname\0old\0?? dir/\0!! ignored\0UU both\0A  -x\0C  copy\0from\0"
        let status = try WorkTreeStatus.parse(Array(output.utf8))
        #expect(status.tracked == ["-x", "a b", "both", "copy", "from", "new\nname", "old"])
        #expect(status.untracked == ["dir/"])
        #expect(status.entries.filter(\.isIgnored).map(\.path) == ["ignored"])
        #expect(try WorkTreeStatus.parse([]).entries.isEmpty)
        #expect(throws: GitError.self) { try WorkTreeStatus.parse(Array("R  new\0".utf8)) }
        #expect(throws: GitError.self) { try WorkTreeStatus.parse(Array("nonsense\0".utf8)) }
    }

    @Test("the list of worktrees is read")
    func worktrees() {
        let oid = String(repeating: "a", count: 40)
        let zero = String(repeating: "0", count: 40)
        let output =
            "worktree /r\0HEAD \(oid)\0branch refs/heads/main\0\0worktree /w x\0HEAD \(oid)\0detached\0locked why\0\0"
            + "worktree /u\0HEAD \(zero)\0branch refs/heads/new\0prunable gone\0\0"
        let listed = ListedWorktree.parse(Array(output.utf8))
        #expect(
            listed == [
                ListedWorktree(path: "/r", head: ObjectID(oid), ref: "refs/heads/main"),
                ListedWorktree(path: "/w x", head: ObjectID(oid), ref: nil, isLocked: true),
                ListedWorktree(path: "/u", head: nil, ref: "refs/heads/new"),
            ]
        )
    }

    @Test("R63: nothing of the user's environment or configuration steers a call")
    func neutral() {
        let git = GitCommand(
            inheriting: [
                "PATH": "/bin", "HOME": "/h", "GIT_DIR": "/evil", "GIT_TRACE": "1", "LANG": "de_DE", "OTHER": "x",
            ],
            ownProgram: "/it's/chant server"
        )
        let command = git.command(for: GitCall(arguments: ["status"], folder: "/r"))
        #expect(command.environment["GIT_DIR"] == nil)
        #expect(command.environment["GIT_TRACE"] == nil)
        #expect(command.environment["OTHER"] == nil)
        #expect(command.environment["LC_ALL"] == "C")
        #expect(command.environment["HOME"] == "/h")
        #expect(command.environment["GIT_TERMINAL_PROMPT"] == "0")
        for setting in GitCommand.neutral { #expect(command.arguments.contains(setting)) }
        #expect(command.arguments.contains(#"merge.chant-spec.driver='/it'\''s/chant server' merge-driver %O %A %B"#))
        #expect(command.arguments.last == "status")
        #expect(command.timeLimit == .seconds(30))
        #expect(git.command(for: GitCall(arguments: [], folder: "/", writesWorkTree: true)).timeLimit == .seconds(600))
    }
}
