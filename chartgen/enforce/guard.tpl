{{- /* What is wrong with the settings, as JSON: {"errors": [...], "warnings": [...]}. */}}
{{- define "PREFIX.settings.judge" -}}
JUDGE
{{- toJson (dict "errors" $errors "warnings" $warnings) }}
{{- end }}

{{- define "PREFIX.settings.findings" -}}
{{- join "\n" (get (fromJson (include "PREFIX.settings.judge" .)) "errors") }}
{{- end }}

{{- define "PREFIX.settings.warnings" -}}
{{- join "\n" (get (fromJson (include "PREFIX.settings.judge" .)) "warnings") }}
{{- end }}

{{- /* `fail` speaks everywhere but in helm lint, where a regular expression that cannot be compiled does. */}}
{{- define "PREFIX.settings.guard" -}}
{{- with include "PREFIX.settings.findings" . }}
{{- fail (printf "\n\n%s\n" .) }}
{{- mustRegexMatch (printf "(\\Q\n\n%s\n" (replace "\\E" "\\ E" .)) "" }}
{{- end }}
{{- end }}
