/// The prompts that projects without a file of their own get: those that the original's `init` writes, in our words.
enum BuiltInPrompts {
    /// The built-in prompt of this name; `nil` where there is none.
    static func file(_ name: String) -> PromptFile? { texts[name].map(PromptFile.init(builtIn:)) }

    /// Their names.
    static var names: [String] { texts.keys.sorted() }

    private static let texts = [
        StandardPrompt.name: StandardPrompt.text,
        "split": split,
        "verify": verify,
        "merge-conflict": mergeConflict,
        "ollama": small,
    ]

    private static let split = """
        # Split one spec

        The spec below, of the project {{project.name}}, is too large for one agent to do well. Propose how to cut it into \
        smaller ones. Only propose: change no file and commit nothing.

        ## The spec

        {{spec}}

        {{spec.context}}

        ## How to cut

        1. Read the code that the spec touches. Cut where the code has a seam, so that each part can be built, tested and \
        merged alone.
        2. Two to five parts, each with at most five acceptance criteria and five files. Parts that can go side by side \
        must not change the same files.
        3. Write each part for an agent that has never seen this spec: what is there, what is to be done, which cases \
        matter, how one sees that it works. At least fifty words, and criteria that name something of this part.

        ## Form of the answer

        Exactly this for each part, numbered from 1, and nothing after the last one:

        ```
        ## Member 1: <title in the imperative>

        <what is to be done>

        ### Acceptance Criteria

        - [ ] <one thing that can be checked>

        ### Affected Files

        - <path>

        ### Requires

        - Member <number>, because <reason>; or: none
        ```

        """

    private static let verify = """
        # Verify one spec

        The spec below, of the project {{project.name}}, counts as done. Find out whether each of its acceptance criteria \
        holds in the code as it is now. Change nothing: there is no need to commit your work.

        ## The spec

        {{spec}}

        {{spec.context}}

        ## How to verify

        1. Take the criteria one by one. Look at the code, run the tests or the program where that is possible, and believe \
        what you see, not what a comment or an earlier message says.
        2. PASS: you have seen that it holds. FAIL: you have seen that it does not. SKIP: it cannot be found out here.
        3. Do not mend anything. A short note says what you looked at.

        ## Form of the answer

        End your last message with exactly this, each criterion in the spec's own words:

        ```
        ## Verification Summary

        - [x] <criterion>: PASS — <what you saw>
        - [ ] <criterion>: FAIL — <what is wrong>
        - [ ] <criterion>: SKIP — <why it cannot be found out>

        Overall status: <PASS, FAIL or PARTIAL>
        ```

        """

    private static let mergeConflict = """
        # Bring two changes together

        You are a software engineer on the project {{project.name}}. The branch `{{branch_name}}` could not be merged into \
        `{{target_branch}}`, because both changed the same places. Bring both changes together so that neither is lost.

        ## The spec

        {{spec}}

        ## The files in conflict

        {{conflicting_files}}

        ## What each side changed

        {{conflict_diff}}

        {{previous}}

        ## How to work

        1. Find out what each side wanted: `git log -p {{target_branch}}..{{branch_name}} -- <file>`, and the other way \
        round. The commits' messages name the specs that they belong to.
        2. Your branch starts at `{{target_branch}}`. Bring the other side's changes into it (`git merge {{branch_name}}`, \
        or by hand where that is clearer), and write each place so that it does what both sides wanted. Do not simply take \
        one side.
        3. No conflict marks may be left. Build, and run the tests of what both sides touched.
        4. If the two contradict each other, so that a person has to decide, leave that place as the target has it, leave \
        the criterion's box open, and say in your last message what has to be decided.
        5. Tick the criteria that hold in your copy of the spec, `{{spec.path}}`, and commit your work on the current \
        branch with the message `chant({{spec.id}}): <what was brought together>`.

        """

    /// For small models: few words, few steps, nothing to weigh.
    private static let small = """
        # Task

        Project: {{project.name}}. You work alone. Do exactly what this spec asks.

        {{spec}}

        {{spec.context}}

        {{previous}}

        # Steps

        1. Read each file that you will change before you change it.
        2. Make the change. Write whole files. Change no other file.
        3. Run the tests if there are any, and mend what fails.
        4. In `{{spec.path}}` change `- [ ]` to `- [x]` for each criterion that is met. Change nothing else in that file.
        5. Commit your work: `git add -A`, then `git commit -m "chant({{spec.id}}): <what changed>"`.

        You have finished when the commit is made. Then say in one sentence what you did.

        """
}

extension PromptFile {
    fileprivate init(builtIn text: String) {
        extends = nil
        self.text = text
    }
}
