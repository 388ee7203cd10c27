{{/* A setting's value as a text by the one grammar, whatever layer it came from; empty if it has another type. */}}

{{- define "PREFIX.settings.integer" -}}
{{- if or (kindIs "int64" .) (kindIs "int" .) -}}
{{- printf "%d" (int64 .) -}}
{{- else if kindIs "float64" . -}}
{{- if and (eq (floor .) .) (le . 9007199254740991.0) (ge . -9007199254740991.0) -}}
{{- printf "%d" (int64 .) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "PREFIX.settings.number" -}}
{{- if or (kindIs "int64" .) (kindIs "int" .) (kindIs "float64" .) -}}
{{- $number := float64 . -}}
{{- if and (le $number 1000000000000000.0) (ge $number -1000000000000000.0) -}}
{{- $text := printf "%.6f" $number -}}
{{- if eq (float64 $text) $number -}}
{{- if eq $number 0.0 }}0{{ else }}{{ regexReplaceAll "\\.?0+$" $text "" }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "PREFIX.settings.boolean" -}}
{{- if kindIs "bool" . }}{{ printf "%t" . }}{{ end -}}
{{- end }}

{{- define "PREFIX.settings.string" -}}
{{- if kindIs "string" . }}{{ . }}{{ end -}}
{{- end }}

{{- /* A wrong value as messages show it. */}}
{{- define "PREFIX.settings.shown" -}}
{{- $text := toRawJson . -}}
{{- if gt (len (splitList "" $text)) 80 }}{{ printf "%s..." (regexFind "^.{77}" $text) }}{{ else }}{{ $text }}{{ end -}}
{{- end }}
