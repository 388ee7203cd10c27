"""`chartgen manifests`: a project's objects as plain manifests, for `kubectl apply`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from chartgen.commands.value_options import set_options, split_files
from chartgen.finding import RefusedStop, UsageStop, is_error

if TYPE_CHECKING:
    from chartgen.manifests.files import Target
    from chartgen.manifests.release import Release
    from chartgen.manifests.stack import Asked, Judged
    from chartgen.manifests.whole_chart import Helm
    from chartgen.project import Project
    from chartgen.write import Plan

_EXAMPLES = """\b
Examples:
  chartgen manifests --env dev                                  (to the standard output)
  chartgen manifests --env dev --output k8s/dev                 (k8s/dev/configmap.yaml and frontend.yaml)
  chartgen manifests --env dev --output k8s/dev --check         (in CI: are they up to date?)
  chartgen manifests --env dev --config-map-only --output configmap.yaml
  chartgen manifests --env dev --policy --output policies.yaml  (for a cluster admin)
  chartgen manifests --env dev --set settings.refreshInterval=9000 --namespace shop --output shop.yaml
"""


@click.command(epilog=_EXAMPLES, short_help="Write plain manifests for kubectl apply.")
@click.option(
    "--env", "environment", default="", metavar="NAME", help="This environment of chartgen.yaml: its values and names."
)
@click.option("--profile", default="", metavar="NAME", help="A profile of the settings schema, over the environment.")
@click.option(
    "-f",
    "--values",
    "files",
    multiple=True,
    metavar="FILE",
    help="A values file over those; - is stdin, without --output.",
)
@set_options
@click.option("--namespace", default="", metavar="NS", help="The namespace; else the environment's, else default.")
@click.option(
    "--release", default="", metavar="NAME", help="The release; else the environment's, else the chart's name."
)
@click.option("--output", default="", metavar="DIR|FILE", help="Write there: two files, or all into one .yaml file.")
@click.option("--check", is_flag=True, help="Write nothing; name what is stale, and exit 1 if something is.")
@click.option("--diff", is_flag=True, help="As --check, and show what would change.")
@click.option("--force", is_flag=True, help="Overwrite files that were edited by hand or are not chartgen's.")
@click.option("--config-map-only", is_flag=True, help="The settings' ConfigMap alone: Helm is not needed.")
@click.option(
    "--policy", is_flag=True, help="The admission policies alone, for a cluster admin to apply: Helm is not needed."
)
@click.option("--helm", default="", metavar="PATH", help="This Helm instead of the one on the PATH.")
@click.option(
    "--helm-version", type=click.Choice(["3", "4"]), help="Read values as this Helm. Default: the one that runs, or 4."
)
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    environment: str,
    profile: str,
    files: tuple[str, ...],
    namespace: str,
    release: str,
    output: str,
    check: bool,
    diff: bool,
    force: bool,
    config_map_only: bool,
    policy: bool,
    helm: str,
    helm_version: str | None,
    **flags: tuple[str, ...],
) -> int:
    """Write the objects of the project's chart as plain manifests: what `kubectl apply` takes, without a Helm release.

    The values are the chart's own, under the environment's, the profile, the -f files and the --set options. They are
    judged first, and an error, an accepted one too, keeps anything from being written: no guard comes with manifests.

    The settings' ConfigMap is made by chartgen alone. For all else `helm template` runs over a chart made for this,
    which may differ from the one that is written. Hooks and tests are left out. Without Helm, the ConfigMap alone goes to
    the standard output, with a note; with --output, say --config-map-only.

    Admission policies are left out, unless the values set admissionPolicy.enabled to true: they are objects of the whole
    cluster. --policy makes them alone, for the ConfigMap of that environment or release. A policy judges no ConfigMap of
    another version of the settings schema, so make it anew when the schema changes.

    In a folder, configmap.yaml and frontend.yaml are chartgen's, or policies.yaml; everything else stays as it is. Each
    says which command makes it.
    """
    from chartgen.documents.flag import Flag
    from chartgen.manifests.files import Target, why_not_ours
    from chartgen.manifests.release import release_of
    from chartgen.manifests.stack import Asked, judged_stack
    from chartgen.write import plan_marked

    output = "" if output == "-" else output
    _check_options(about_files=bool(check or diff or force) and not output, twice_alone=policy and config_map_only)
    given = tuple(Flag(kind.replace("_", "-"), text) for kind, texts in flags.items() for text in texts)
    asked = Asked(environment, profile, split_files(files), given)
    if output:
        _check_stdin(asked)
    project = _project()
    named = release_of(project, environment, release, namespace)
    program = None if config_map_only or policy else _helm(helm, helm_version, output)
    version = int(helm_version) if helm_version else program.version if program else 4
    judged = judged_stack(project, asked, version)
    if not _accepts(judged):
        return 1
    options = {"release": release, "namespace": namespace, "helm-version": helm_version or "", "output": output}
    words = _words(project, asked, options)
    make = _policies if policy else partial(_objects, program=program)
    texts = make(Target(output), project, judged, named, words)
    if not output:
        click.echo("".join(texts.values()), nl=False)
        return 0
    made = plan_marked(Target(output).folder, texts, why_not_ours, force=force)
    return _checked(made, diff) if check or diff else _written(made)


def _check_options(*, about_files: bool, twice_alone: bool) -> None:
    if about_files:
        message = "--check, --diff and --force are about files, but no --output names any"
        raise UsageStop(message, "name the folder or file that holds the manifests: --output DIR")
    if twice_alone:
        raise UsageStop("--policy and --config-map-only each ask for something alone", "run it once for each")


def _policies(target: Target, project: Project, judged: Judged, named: Release, words: list[str]) -> dict[str, str]:
    from chartgen.enforce.policy import TOO_LARGE
    from chartgen.manifests.files import policy_text
    from chartgen.manifests.policies import policies

    made = [*policies(judged.settings, project.chart, judged.values, named)]
    if judged.settings.settings and not made:
        raise RefusedStop(TOO_LARGE, "split the rules that compare most, or the largest choices")
    return policy_text(target, made, words)


def _objects(  # noqa: PLR0913 - a Helm more than for policies
    target: Target, project: Project, judged: Judged, named: Release, words: list[str], *, program: Helm | None
) -> dict[str, str]:
    from chartgen.manifests.config_map import config_map
    from chartgen.manifests.files import file_texts
    from chartgen.manifests.whole_chart import chart_objects

    first = config_map(judged.settings, project.chart, judged.values, named)
    others = chart_objects(program, project, judged, named) if program else None
    return file_texts(target, first, others, words)


def _check_stdin(asked: Asked) -> None:
    """Files say which command makes them anew, and the standard input is gone by then."""
    from chartgen.manifests.set_file import files_of

    named = [path for flag in asked.flags if flag.kind == "set-file" for path, _ in files_of(flag.text)]
    if "-" in (*asked.files, *named):
        message = "- is the standard input, from which the files of --output could not be made anew"
        raise UsageStop(message, "write the values to a file, and name that")


def _project() -> Project:
    from chartgen.project import PROJECT_FILE, find_project, load_project

    path = find_project(".")
    if path is None:
        message = f"there is no {PROJECT_FILE} here or in a folder above"
        raise UsageStop(message, "go to the project's folder, or start one with 'chartgen init'")
    return load_project(path)


def _helm(path: str, version: str | None, output: str) -> Helm | None:
    from chartgen.manifests.whole_chart import find_helm

    found = find_helm(path)
    if found is None and output:
        message = "there is no helm on the PATH, which all but the ConfigMap needs"
        raise UsageStop(
            message, "install Helm, name it with --helm PATH, or write the ConfigMap alone: --config-map-only"
        )
    if found is None:
        click.echo("note: the ConfigMap alone: there is no helm on the PATH, which all else needs", err=True)
    elif version and int(version) != found.version:
        message = f"--helm-version says {version}, but {found.path} is Helm {found.version}"
        raise UsageStop(message, "leave it out, or name another Helm: --helm PATH")
    return found


def _accepts(judged: Judged) -> bool:
    from chartgen.report.text import render

    if judged.findings:
        click.echo(render(judged.findings), nl=False, err=True)
    if any(map(is_error, judged.findings)):
        click.echo("nothing written: the values have errors", err=True)
        return False
    return True


def _words(project: Project, asked: Asked, options: dict[str, str]) -> list[str]:
    """The command as one types it in the project's folder."""
    from chartgen.manifests.files import file_list, path_from
    from chartgen.manifests.set_file import moved

    def from_project(path: str) -> str:
        return path_from(project.root, path)

    options = {"env": asked.environment, "profile": asked.profile, **options}
    options["output"] = options["output"] and path_from(project.root, options["output"])
    words = ["chartgen", "manifests"]
    for option, value in options.items():
        words += [f"--{option}", value] if value else []
    for file in asked.files:
        words += ["-f", file_list(from_project(file))]
    for flag in asked.flags:
        words += [f"--{flag.kind}", moved(flag.text, from_project) if flag.kind == "set-file" else flag.text]
    return words


def _checked(made: Plan, diff: bool) -> int:
    from chartgen.write import diff as diff_text

    if diff:
        click.echo(diff_text(made), nl=False)
    reasons = {change.path: change.action.value for change in made.changes}
    reasons |= {no.change.path: no.reason for no in made.refused}
    for path, reason in sorted(reasons.items()):
        click.echo(f"stale: {made.output / path} ({reason})", err=diff)
    for path in made.unchanged:
        click.echo(f"{made.output / path} is up to date", err=True)
    return 1 if reasons else 0


def _written(made: Plan) -> int:
    from chartgen.write import apply

    if made.refused:
        for no in made.refused:
            click.echo(f"error: {made.output / no.change.path} {no.reason}", err=True)
        click.echo("nothing written\n  = help: move it away, or overwrite it with --force", err=True)
        return 1
    apply(made)
    for change in made.changes:
        click.echo(f"{'created' if change.old is None else 'updated'} {made.output / change.path}")
    for path in made.unchanged:
        click.echo(f"unchanged {made.output / path}")
    return 0
