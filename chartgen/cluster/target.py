"""What is to be changed: the objects' names, as a project's environment has them."""

from __future__ import annotations

from collections.abc import Mapping

from chartgen.finding import is_error
from chartgen.manifests.config_map import config_map_name, texts
from chartgen.manifests.labels import fullname, section, text
from chartgen.manifests.release import Release, release_of
from chartgen.manifests.stack import Asked, judged_stack
from chartgen.project_model import Project
from chartgen.records import dataclass, field
from chartgen.settings.model import Settings


@dataclass(frozen=True)
class Target:
    """The settings and the names of a release's objects; an empty namespace stands for the context's own.

    `texts` are what its values say, by key. With `is_live` pods take changed settings over by themselves. `container` is the frontend's, of several. `is_guessed` says that the environment's values have
    errors, so that the names are those of the project file.
    """

    settings: Settings
    environment: str
    context: str
    release: str
    namespace: str
    config_map: str
    deployment: str
    is_live: bool
    container: str = ""
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    is_guessed: bool = False


def target_of(project: Project, environment: str, namespace: str, context: str) -> Target:
    """The target of an environment, or of the project's own names in a namespace.

    Raises:
        UsageStop: there is no such environment, or a name is none.
        InvalidStop: the settings schema or the chart's own values are wrong.
    """
    judged = judged_stack(project, Asked(environment))
    given = project.environments.get(environment)
    named = release_of(project, environment, "", namespace)
    namespace = namespace or (given.namespace if given else "")
    context = context or (given.context if given else "")
    is_guessed = any(map(is_error, judged.findings))
    config_map, deployment, mode = project.names.config_map, project.names.deployment, project.injection.mode
    container = project.names.container
    if not is_guessed:
        values, release = judged.values, Release(named.name, named.namespace)
        config_map = config_map_name(project.chart, values, release)
        deployment = text(section(values, "names"), "deployment") or fullname(project.chart, values, release)
        container = text(section(values, "names"), "container") or container
        mode = text(section(values, "injection"), "mode")
    return Target(
        settings=judged.settings,
        environment=environment,
        context=context,
        release=named.name,
        namespace=namespace,
        config_map=config_map,
        deployment=deployment,
        is_live=mode == "sidecar",
        container=container,
        texts={} if is_guessed else dict(texts(judged.settings, judged.values)),
        is_guessed=is_guessed,
    )
