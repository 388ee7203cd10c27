"""A git repository in a test's folder, with no settings but the test's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# What a commit of the source does not need: environments, caches, what was built; and the many files that no build reads.
NOT_SOURCE = (
    ".git",
    ".venv*",
    ".cache",
    ".hypothesis",
    ".*_cache",
    "__pycache__",
    "node_modules",
    "*.egg-info",
    "build",
    "dist",
)
NOT_BUILT = {"tests"}
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Tester"), ("EMAIL", "tester@example.com"), ("DATE", "2026-01-01T00:00:00Z"))
}


@dataclass(frozen=True)
class GitRepository:
    """A repository whose hooks find pre-commit's environments in `hooks_home`."""

    folder: Path
    hooks_home: Path

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command in the folder, as this project's environment has it; both outputs are in `stdout`."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        own = {"PATH": programs, "PRE_COMMIT_HOME": str(self.hooks_home), "GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(
            command, cwd=self.folder, env={**inherited, **IDENTITY, **own, "GIT_CONFIG_NOSYSTEM": "1"}, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=240,
        )  # fmt: skip
        assert done.returncode == 0 or not check, done.stdout
        return done

    def git(self, *arguments: str) -> str:
        """What git says; it must not fail."""
        return self.run("git", *arguments).stdout

    def commit(self, *paths: str) -> tuple[int, str]:
        """Add files and commit what is staged: git's exit code, and what it and the hooks say."""
        if paths:
            self.git("add", "--", *paths)
        done = self.run("git", "commit", "--message", "a change", check=False)
        return done.returncode, done.stdout

    def replace(self, file: str, old: str, new: str) -> None:
        """Another text in a file; the old one must be there once."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (self.folder / file).write_text(text.replace(old, new), encoding="utf-8")

    def head(self) -> str:
        """The commit that is checked out."""
        return self.git("rev-parse", "HEAD").strip()


def source_repository(tree: Path, folder: Path) -> GitRepository:
    """This source tree, with what is not committed yet, as the one commit of a repository; whoever is first makes it."""
    made = folder.with_name(f"{folder.name}-{os.getpid()}")
    unwanted = shutil.ignore_patterns(*NOT_SOURCE)
    shutil.copytree(
        tree,
        made,
        ignore=lambda at, names: unwanted(at, names) | (NOT_BUILT if Path(at) == tree else set()),
        symlinks=True,
    )
    repository = GitRepository(made, folder)
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "the tree")
    try:
        made.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(made)
    return GitRepository(folder, folder)


def with_hooks(folder: Path, hooks: GitRepository, config: str) -> GitRepository:
    """A repository of what a folder holds, pre-commit installed, and a configuration that names `{repo}` at `{rev}`.

    It has one commit, which no hook saw. pre-commit's environments are beside the hooks' repository.
    """
    text = config.format(repo=hooks.folder, rev=hooks.head())
    (folder / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")
    made = GitRepository(folder, hooks.folder.with_name("pre-commit-home"))
    made.git("init", "--quiet", "--initial-branch", "main")
    made.run("pre-commit", "install")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--no-verify", "--message", "the start")
    return made


def said_by(said: str, hook: str) -> str:
    """What one hook says in the output of a commit, from its name's line on."""
    found = re.search(rf"^{re.escape(hook)}\.\.\..*?(?=^\S[^\n]*\.\.\.|\Z)", said, re.MULTILINE | re.DOTALL)
    assert found is not None, said
    return found[0]
